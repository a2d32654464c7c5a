import { describe, expect, it } from 'vitest'
import { markedWords } from '../../cli/marked-words.ts'

/** A text whose words, parted by spaces, have these pushes. */
function marked(
  text: string,
  pushes: readonly number[],
  paint?: Parameters<typeof markedWords>[2],
) {
  let from = 0
  const words = text.split(' ').map((word, i) => {
    const to = from + word.length
    const push = { from, to, text: word, push: pushes[i] ?? 0 }
    from = to + 1
    return push
  })
  return markedWords(text, { words }, paint)
}

describe('a text with marked words', () => {
  it('has more signs before a word the further it pushes', () => {
    const pushes = [0.04, 0.05, -0.19, -0.2, 0.49, 0.5, -1]
    expect(marked('a b c d e f g', pushes)).toBe('a +b -c --d ++e +++f ---g')
  })

  it('keeps what stands between the words', () => {
    const words = [{ from: 2, to: 6, text: 'love', push: 0.3 }]
    expect(markedWords('“ love”, and so on…', { words })).toBe('“ ++love”, and so on…')
  })

  it('has its signs within the colours', () => {
    const paint = (sign: string, word: string) => `<${sign}>${word}</>`
    expect(marked('a b c', [0.3, 0, -0.3], paint)).toBe('<+>++a</> b <->--c</>')
  })

  it('is one line, and no command to a terminal', () => {
    expect(markedWords('a\nb\u001b[31mc\r', { words: [] })).toBe('a b [31mc ')
  })
})
