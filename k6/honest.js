// As load.js, but the 5 % are texts that nobody has sent before. A cache of single texts soon knows
// the exercise's ten sentences in any order, and its load then never reaches the model.
import exec from 'k6/execution'
import { published } from './exercise.js'
import { predict } from './predict.js'
import { FIXED, newText, randomFrom } from './texts.js'

export const options = published

const CACHE_RATE = Number(__ENV.CACHE_RATE || 0.95)
const SEED = Number(__ENV.SEED || 1)
let random

export default function () {
  // Each user has numbers of their own, and the same in every run.
  random = random || randomFrom(SEED * 1000 + exec.vu.idInTest)
  const texts = random() < CACHE_RATE ? FIXED : Array.from({ length: 3 }, () => newText(random))
  predict(texts)
}
