import { describe, expect, it } from 'vitest'
import { openAll } from '../../app/workers/open-all.ts'
import { settled } from '../fakes.ts'

describe('opening several things at once', () => {
  it('resolves with all of them', async () => {
    const things = [{ close: async () => {} }, { close: async () => {} }]
    expect(await openAll(things.map((thing) => Promise.resolve(thing)))).toEqual(things)
  })

  it('waits for the rest and closes it before it fails', async () => {
    const slow = Promise.withResolvers<{ close: () => Promise<void> }>()
    const log: string[] = []
    const opened = openAll([Promise.reject(new Error('broken')), slow.promise]).catch(
      (error: Error) => log.push(error.message),
    )
    await settled()
    log.push('still opening')
    slow.resolve({
      async close() {
        log.push('closed')
      },
    })
    await opened
    expect(log).toEqual(['still opening', 'closed', 'broken'])
  })
})
