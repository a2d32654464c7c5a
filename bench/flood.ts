import { setPriority } from 'node:os'
import { sendAll, toBody } from './client.ts'
import { partsOf, readTexts } from './texts.ts'

/** A process of its own that keeps a service's workers busy with texts that it has never seen. */
// It would come from another machine: it must not take this one's time from what is measured.
setPriority(19)
const [url = '', file = '', connections = '8', textsPerRequest = '32'] = process.argv.slice(2)
const bodies = partsOf(readTexts(file), Number(textsPerRequest)).map(toBody)
// Until the process is ended: after the last text a mark makes each new again.
for (let round = 0; ; round++) {
  const marked = bodies.map((body) => body.replaceAll('","', ` ${round}","`))
  await sendAll(`${url}/predict`, marked, Number(connections))
}
