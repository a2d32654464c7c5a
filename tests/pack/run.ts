// Packs the command as for a release and installs the file in empty folders, without a registry, as on a machine
// that has nothing else: `npm run pack:try`, or `npm run pack:try -- FILE` for one that is packed. Prints sizes,
// what failed, and `N passed, N failed` on the last line.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPackage } from '../../scripts/pack/build.ts'
import { BUILDS } from '../../scripts/pack/manifest.ts'
import { packFolder } from '../../scripts/pack/tarball.ts'
import { CONTRACT } from '../conformance/contract.ts'
import { Target } from '../conformance/target.ts'
import { CHECKS } from './checks.ts'
import { install, runOnce } from './install.ts'
import type { Program } from './program.ts'
import { PLACES } from './runtimes.ts'
import { startService } from './service.ts'

const sums = { passed: 0, failed: 0 }
const say = (line: string) => void process.stdout.write(`${line}\n`)

const {
  positionals: [given],
} = parseArgs({ allowPositionals: true })

const room = mkdtempSync(join(tmpdir(), 'pack-'))
try {
  const file = given === undefined ? packAll() : resolve(given)
  for (const place of PLACES) {
    const folder = join(room, place.name.replace(' ', '-'))
    mkdirSync(folder)
    await check(`${place.name}: runs without being installed`, () =>
      runOnce(file, place, join(folder, 'once')),
    )
    await check(`${place.name}: is installed`, async () => {
      const program = await install(file, place, join(folder, 'installed'))
      for (const { name, run } of CHECKS) await check(`${place.name}: ${name}`, () => run(program))
      await checkContract(place.name, program)
    })
  }
} finally {
  rmSync(room, { recursive: true })
}
say(`${sums.passed} passed, ${sums.failed} failed`)
process.exitCode = sums.failed === 0 && sums.passed > 0 ? 0 : 1

function packAll(): string {
  buildPackage(join(room, 'package'), BUILDS)
  const { file, bytes, unpackedBytes } = packFolder(join(room, 'package'), room)
  say(`${bytes} bytes packed, ${unpackedBytes} installed`)
  return file
}

async function check(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
    sums.passed++
  } catch (error) {
    sums.failed++
    say(`FAIL ${name}: ${error instanceof Error ? error.message : error}`)
  }
}

/** All that the service promises, of the one that the package starts. */
async function checkContract(place: string, program: Program): Promise<void> {
  const service = await startService(program)
  const target = new Target(service.url, service.internalUrl)
  for (const { name, run } of CONTRACT) await check(`${place}: ${name}`, () => run(target))
  await service.stop()
}
