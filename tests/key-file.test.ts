import { describe, expect, it } from 'vitest'
import { MAX_KEYS, parseKeyFile } from '../app/key-file.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

describe('a key file', () => {
  it('has names and digests, comments and blank lines', () => {
    expect(parseKeyFile(`# who\n\nada ${A}\n  bob\t${B}  # until June\n`)).toEqual([
      { name: 'ada', digest: A },
      { name: 'bob', digest: B },
    ])
  })

  it('may come from Windows', () => {
    const keys = [{ name: 'ada', digest: A }]
    expect(parseKeyFile(`\uFEFFada ${A.toUpperCase()}\r\n\r\n`)).toEqual(keys)
  })

  it('may have a name twice, so that its key can be replaced', () => {
    expect(parseKeyFile(`ada ${A}\nada ${B}`).map(({ name }) => name)).toEqual(['ada', 'ada'])
  })

  it.each([
    ['digest first, as sha256sum prints it', `${A}  -`, 'line 2 is not a name and'],
    ['a digest cut off', `ada ${A.slice(1)}`, 'line 2 is not a name and'],
    ['a digest too long', `ada ${A}a`, 'line 2 is not a name and'],
    ['a name alone', 'ada', 'line 2 is not a name and'],
    ['three words', `ada ${A} ${B}`, 'line 2 is not a name and'],
    ['a key for a name', `plr_secret ${A}`, 'line 2: the name must not begin with plr_'],
    ['a long name', `${'a'.repeat(33)} ${A}`, 'line 2: the name must be 1 to 32'],
    ['a name with a quote', `"ada" ${A}`, 'line 2: the name must be 1 to 32'],
    ['a name of API_KEYS', `key-1 ${A}`, 'line 2: the name must not be key- and a number'],
    ['a digest again', `ada ${B}`, 'line 2 has the same digest as line 1'],
    [
      'the digest of nothing',
      'ada e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'line 2 has the digest of an empty key',
    ],
  ])('is refused with %s, by the number of its line', (_, line, message) => {
    expect(() => parseKeyFile(`eve ${B}\n${line}\n`)).toThrow(message)
  })

  it('is not quoted by what refuses it', () => {
    const refuse = (text: string) => {
      try {
        return String(parseKeyFile(text))
      } catch (error) {
        return String(error)
      }
    }
    for (const line of ['S3cr3t', `S3cr3t! ${A}`, `plr_S3cr3t ${A}`, `ada S3cr3t${A}`]) {
      expect(refuse(line)).toContain('KeyFileError: line 1')
      expect(refuse(line)).not.toContain('S3cr3t')
    }
  })

  it('is bounded', () => {
    const line = (_: unknown, i: number) => `ada ${String(i).padStart(64, '0')}`
    const lines = Array.from({ length: MAX_KEYS + 1 }, line)
    expect(() => parseKeyFile(lines.join('\n'))).toThrow('has more than 1000 keys')
  })
})
