import exec from 'k6/execution'

/** The exercise's repeated request: cache hits after the first one. */
export const FIXED = ['I love you!', 'I hate you!', 'I am a Kubernetes Cluster!']

const SENTENCES = [
  ...FIXED,
  'I ran out of time.',
  'The weather could not be better today.',
  'This was the worst meal of my life.',
  'The train is late again.',
  'What a wonderful surprise!',
  'Nobody answered the phone.',
  'I would watch it again tomorrow.',
]

/**
 * Ten fixed sentences in random order: a miss for a cache keyed by request, hits for one keyed by
 * text.
 */
export const permuted = () =>
  SENTENCES.map((text) => ({ text, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ text }) => text)

const WORDS =
  'a actor acting age amusing and another art as awful bad beautiful best better big bold boring brilliant but by camera care cast charm charming clever comedy could crude dark dazzling deep delight despite dialogue director drama dull easy edge emotion empty ending energy engaging enough even ever every evening fails familiar film fine flat for forced fresh from full fun funny gentle good gorgeous great grim half hard heart her his honest hour idea in inspired intense is it joke keeps kind lack laugh less life like little long love made makes mess mind minutes moment more most movie moving much music near never new no not of old on one only original pace pain performance picture place plot poor quiet rare real rich riveting romance sad scene score script second seems sense sharp slow small smart so some sound spirit star story strange strong style subtle sweet tale talent tedious tender than that the thin thing this thriller time tired to tone too touching true twist ugly under uneven up vivid warm waste way weak well where wild wise with witty without wonderful work world worth young'.split(
    ' ',
  )

/** Words per text, equally likely: the 5th, 15th … 95th percentile of SST-2's dev sentences. */
const LENGTHS = [6, 10, 13, 15, 18, 20, 23, 26, 29, 35]

/** Pseudo-random numbers in [0, 1) (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

let random

/**
 * Random numbers of the current virtual user, reproducible for the same seed or SEED. Call it from
 * the default function: before that there is no VU id, which makes the seeds of users differ.
 */
export function ownRandom(seed = Date.now()) {
  random = random || randomFrom(Number(__ENV.SEED || seed) + exec.vu.idInTest * 1_000_003)
  return random
}

/** A cache miss: random words, as many as real sentences have. */
export function newText(random) {
  const pick = (list) => list[Math.floor(random() * list.length)]
  return Array.from({ length: pick(LENGTHS) }, () => pick(WORDS)).join(' ')
}
