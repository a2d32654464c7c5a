// The exercise as published: 10 users; 95 % of the requests are the same three texts, the others ten
// fixed sentences in random order. `honest.js` says why that is not enough.
import { published } from './exercise.js'
import { predict } from './predict.js'
import { FIXED, permuted } from './texts.js'

export const options = published

const CACHE_RATE = Number(__ENV.CACHE_RATE || 0.95)

export default function () {
  predict(Math.random() < CACHE_RATE ? FIXED : permuted())
}
