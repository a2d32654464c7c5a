import { setImmediate as tick } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { until } from '../../../cli/bulk/until.ts'

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = process.versions.bun
    ? () => Reflect.get(globalThis, 'Bun').gc(true)
    : runInNewContext('gc')
  collect()
}

it('keeps nothing of what it has passed on while its signal lives', async () => {
  const passed: WeakRef<object>[] = []
  async function* items() {
    for (let i = 0; i < 200; i++) yield { bytes: new Uint8Array(1000) }
  }
  for await (const item of until(items(), new AbortController().signal)) {
    passed.push(new WeakRef(item))
    if (passed.length < 150) continue
    await tick()
    collectGarbage()
    // A runtime may find a few on its stack.
    expect(passed.filter((ref) => ref.deref()).length).toBeLessThan(20)
    return
  }
})
