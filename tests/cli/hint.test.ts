import { describe, expect, it } from 'vitest'
import { commandHint, fileHint } from '../../cli/hint.ts'

describe('a hint', () => {
  it('names the command that was probably meant', () => {
    expect(commandHint(['clasify', 'reviews.csv'])).toContain('the command is classify')
  })

  it.each([[[]], [['hey']], [['evil']], [['I serve']], [['serve', '--fast']]])(
    'of a command is not given for %j',
    (texts) => {
      expect(commandHint(texts)).toBeUndefined()
    },
  )

  it('says how a file is read', () => {
    expect(fileHint(['package.json'])).toContain('`polarity classify package.json`')
  })

  it.each([[[]], [['']], [['x'.repeat(5000)]], [['/']]])(
    'of a file is not given for %j',
    (texts) => {
      expect(fileHint(texts)).toBeUndefined()
    },
  )
})
