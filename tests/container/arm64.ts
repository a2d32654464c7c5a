import assert from 'node:assert/strict'
import { closeSync, openSync, readSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { predict } from './confinement.ts'
import { unpack } from './image.ts'
import { Container, inspect } from './podman.ts'
import { Report } from './report.ts'

// Started by the script of the same name, with what that has built.
const text = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { image: text, runtime: text, work: text } })

const ELF = 0x7f454c46
const AARCH64 = 183
const MACHINE_AT = 18

/**
 * A hundred times slower, and QEMU shows this machine's processors, which onnxruntime's look at the
 * hardware does not survive on arm64.
 */
const EMULATED = [
  ...['--publish', '127.0.0.1::8000', '--memory', '2g', '--cpus', '2'],
  ...['--security-opt', 'mask=/sys/devices/system/cpu'],
  ...['--env', 'WORKERS=1', '--env', 'MAX_BATCH_TOKENS=256', '--env', 'BATCH_TIMEOUT_SECONDS=120'],
]

/** The processor that a file is for, if it is a program or a library. */
function machineOf(file: string): number | undefined {
  const header = Buffer.alloc(20)
  const handle = openSync(file, 'r')
  readSync(handle, header)
  closeSync(handle)
  return header.readUInt32BE(0) === ELF ? header.readUInt16LE(MACHINE_AT) : undefined
}

await Report.of(async (report) => {
  await report.check('the image says that it is for linux/arm64', async () => {
    const shape = z.object({ Os: z.string(), Architecture: z.string(), Size: z.number() })
    const { Size, ...platform } = await inspect(values.image, shape)
    assert.deepEqual(platform, { Os: 'linux', Architecture: 'arm64' })
    return `${(Size / 1e6).toFixed(1)} MB`
  })
  await report.check('every program and library in it is for aarch64', async () => {
    const { root, names } = await unpack(values)
    const machines = names.map((name) => ({ name, machine: machineOf(root + name) }))
    const elves = machines.filter(({ machine }) => machine !== undefined)
    assert.deepEqual(
      elves.filter(({ machine }) => machine !== AARCH64),
      [],
    )
    for (const part of [
      values.runtime,
      'libc.so.6',
      'libstdc++.so.6',
      'onnxruntime_binding.node',
    ]) {
      assert.ok(
        elves.some(({ name }) => name.includes(part)),
        `no ${part}`,
      )
    }
    return `${elves.length} of ${names.length} files`
  })
  await report.check('it starts, answers and ends, emulated', async () => {
    const container = await Container.start(values, EMULATED)
    await container.waitFor('ready')
    await predict(await container.address(8000))
    await container.signal('TERM')
    assert.equal(await container.exit(), 0)
    await container.remove()
  })
})
