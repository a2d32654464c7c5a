import { overload } from './overload.ts'

/** One sender as a process of its own: `overload` of the target in JSON, and seconds. Prints its result. */
const [target = '{}', seconds = '30'] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await overload(JSON.parse(target), Number(seconds))))
