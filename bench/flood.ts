import { setPriority } from 'node:os'
import { sendAll, toBody } from './client.ts'
import { partsOf, readTexts } from './texts.ts'

/** A load generator process that saturates a service's workers with cache misses. */
// Low priority, as if it ran on another machine: it must not compete with what is measured.
setPriority(19)
const [url = '', file = '', connections = '8', textsPerRequest = '32'] = process.argv.slice(2)
const bodies = partsOf(readTexts(file), Number(textsPerRequest)).map(toBody)
// Runs until killed; in each round a suffix makes every text a cache miss again.
for (let round = 0; ; round++) {
  const marked = bodies.map((body) => body.replaceAll('","', ` ${round}","`))
  await sendAll(`${url}/predict`, marked, Number(connections))
}
