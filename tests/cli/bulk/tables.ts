import fc from 'fast-check'

const cell = fc.string({
  unit: fc.constantFrom('a', ' ', '"', '\n', '\r\n', ',', 'love', 'ä'),
  maxLength: 8,
})
const row = fc.oneof(
  { weight: 9, arbitrary: cell.map((text) => `7,"${text.replaceAll('"', '""')}"`) },
  { weight: 1, arbitrary: fc.constantFrom('7', '7,8,9', '', '7,a "quoted" word') },
)

/** CSV of up to 40 rows, good and bad, which come so many times. */
export const tables = (times: number): fc.Arbitrary<string> =>
  fc
    .array(row, { minLength: 1, maxLength: 40 })
    .map((rows) => `id,text\n${Array.from({ length: times }, () => rows.join('\n')).join('\n')}\n`)
