import { describe, expect, it } from 'vitest'
import { inOrder, orderOf, readDate } from '../../../cli/bulk/read-date.ts'

describe('a date', () => {
  it.each([
    ['2024-03-05', '2024-03-05'],
    ['2024/3/5', '2024-03-05'],
    ['2024.03.05', '2024-03-05'],
    ['20240305', '2024-03-05'],
    ['2024-03', '2024-03'],
    ['2024', '2024'],
    ['5.3.2024', '2024-03-05'],
    ['2024-03-05T23:59:59.999Z', '2024-03-05'],
    ['2024-03-05 23:59:59.123456+00:00', '2024-03-05'],
    ['2024-03-05 11:59 PM', '2024-03-05'],
    ['5 March 2024', '2024-03-05'],
    ['5-Mar-2024', '2024-03-05'],
    ['March 5, 2024', '2024-03-05'],
    ['Sept. 5th, 2024', '2024-09-05'],
    ['Mar 2024', '2024-03'],
    ['Tue, 05 Mar 2024 10:00:00 GMT', '2024-03-05'],
    ['Tue Mar 05 10:00:00 +0000 2024', '2024-03-05'],
    ['Tue Mar 05 2024 10:00:00 GMT+0100 (CET)', '2024-03-05'],
    ['29 Feb 2024', '2024-02-29'],
  ])('is read from %s', (written, date) => {
    expect(readDate(written)).toBe(date)
  })

  it.each([
    '29 Feb 2023',
    '2024-13-01',
    '2024-02-30',
    '1234',
    '1709596800',
    'Marathon 2024',
    '05.03.24',
    '3.2024',
    '2024.5',
    'in 2024',
    '10:00:00',
    '13/13/2024',
    '',
    `2024-03-05${' '.repeat(100)}`,
  ])('is not read from "%s"', (written) => {
    expect(readDate(written)).toBe(undefined)
  })

  it.each([
    [
      ['3/4/2024', '13/4/2024'],
      ['2024-04-03', '2024-04-13'],
    ],
    [
      ['3/4/2024', '4/13/2024'],
      ['2024-03-04', '2024-04-13'],
    ],
    [
      ['03-04-2024', '31-12-2024'],
      ['2024-04-03', '2024-12-31'],
    ],
    [
      ['3/4/2024', '4/5/2024'],
      [undefined, undefined],
    ],
    [
      ['13/4/2024', '4/13/2024'],
      [undefined, undefined],
    ],
  ])('of two small numbers is read by the others of its column: %s', (written, dates) => {
    const read = written.map((one) => readDate(one) ?? '')
    const order = orderOf(read)
    expect(read.map((date) => inOrder(date, order))).toEqual(dates)
  })
})
