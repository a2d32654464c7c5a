import { afterEach, describe, expect, it } from 'vitest'
import { ThreadPool } from '../../app/workers/pool.ts'
import { openThread } from '../../app/workers/thread.ts'
import { settled, silent } from '../fakes.ts'
import { recordedLog } from '../recorded-log.ts'

const script = new URL('../fixtures/mortal-worker.ts', import.meta.url)

const startWorker = (ready: number) =>
  openThread<string, string, number>(script, { workerData: { ready }, terminable: false })

describe('a pool of worker threads', () => {
  let pool: ThreadPool<string, string, number>
  let restarts = 0
  const open = async (
    size = 2,
    { timeoutSeconds = 60, ready = 7, depth = 1, log = silent, start = startWorker } = {},
  ) => {
    restarts = 0
    pool = await ThreadPool.open({
      size,
      depth,
      timeoutSeconds,
      open: () => start(ready),
      onStates: () => undefined,
      onRestart: () => {
        restarts++
      },
      log,
    })
  }
  const failure = (input: string) =>
    pool.run(input).then(
      (output) => `answered ${output}`,
      (error: Error) => error.message,
    )
  afterEach(() => pool.close())

  it('runs more inputs than it has threads, each with its own output', async () => {
    await open()
    const outputs = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((input) => pool.run(input)))
    expect(outputs).toEqual(['A', 'B', 'C', 'D', 'E'])
  })

  it('keeps the ready messages of its threads', async () => {
    await open(3)
    expect(pool.ready).toEqual([7, 7, 7])
  })

  it('reports the states of its threads', async () => {
    await open()
    const output = pool.run('a')
    expect(pool.states).toEqual({ starting: 0, idle: 1, busy: 1, leaving: 0 })
    await output
    expect(pool.states).toEqual({ starting: 0, idle: 2, busy: 0, leaving: 0 })
  })

  it.each([
    { input: 'throw', says: 'thrown' },
    { input: 'exit', says: 'The worker thread exited with code 3.' },
    { input: 'crash', says: 'crashed' },
  ])('replaces a thread that does as $input says', async ({ input, says }) => {
    await open(1)
    expect(await failure(input)).toBe(says)
    expect(await failure('a')).toBe('answered A')
    expect(restarts).toBe(1)
  })

  it('keeps the name, message and stack of an error that a thread throws', async () => {
    await open(1)
    const error = await pool.run('throw a native error').catch((thrown: Error) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'NativeError', message: 'no memory' })
    expect(error).toHaveProperty('stack', expect.stringContaining('mortal-worker.ts'))
  })

  it('replaces a hung thread, and ends it once it recovers', async () => {
    await open(1, { timeoutSeconds: 2 })
    const flag = new Int32Array(new SharedArrayBuffer(4))
    const hangs = pool.run({ until: flag } as never).catch((error: Error) => error.message)
    expect(await hangs).toBe('The worker is hung: no output after 2 s.')
    expect(pool.states.leaving).toBe(1)
    expect(await failure('a')).toBe('answered A')
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
    while (pool.states.leaving > 0) await settled()
    expect(pool.states.leaving).toBe(0)
  })

  it('prefetches up to its depth, and fills idle threads first', async () => {
    await open(2, { depth: 2 })
    const outputs = ['a', 'b', 'c', 'd', 'e'].map((input) => pool.run(input))
    expect(pool.states.idle).toBe(0)
    expect(await Promise.all(outputs)).toEqual(['A', 'B', 'C', 'D', 'E'])
  })

  it('keeps the inputs queued on a thread that throws, and rejects those on one that exits', async () => {
    await open(1, { depth: 2 })
    expect(await Promise.all([failure('throw'), failure('a')])).toEqual(['thrown', 'answered A'])
    expect(await Promise.all([failure('exit'), failure('a')])).toEqual(
      Array(2).fill('The worker thread exited with code 3.'),
    )
  })

  it('does not open if a thread fails to start', async () => {
    await open()
    await pool.close()
    const failed = await open(2, { ready: -1 }).catch((error: Error) => error.message)
    expect(failed).toBe('not today')
  })

  it('tries ever more slowly to replace a thread, until it can', async () => {
    const { log, lines } = recordedLog()
    let attempts = 0
    await open(1, {
      log,
      async start(ready) {
        attempts++
        if (attempts === 2 || attempts === 3) throw new Error('no memory')
        return startWorker(ready)
      },
    })
    const failedAt = performance.now()
    await failure('exit')
    expect(await failure('a')).toBe('answered A')
    const waits = lines.flatMap((line) => line.retry_ms ?? [])
    expect([attempts, waits]).toEqual([4, [100, 200]])
    expect(performance.now() - failedAt).toBeGreaterThan(290)
  })

  it('lets its threads finish before it closes', async () => {
    await open(1)
    const output = pool.run('the last')
    await pool.close()
    expect(await output).toBe('THE LAST')
  })

  it('rejects queued inputs when it closes', async () => {
    await open(1)
    const first = pool.run('a')
    const second = failure('b')
    await pool.close()
    expect(await first).toBe('A')
    expect(await second).toBe('The pool is closed.')
  })
})
