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
    const pushes = [0.09, 0.1, -0.24, -0.25, 0.39, 0.4, -0.5]
    expect(marked('a b c d e f g', pushes)).toBe('a +b -c --d ++e +++f ---g')
  })

  it('has them where all its words push little', () => {
    expect(marked('a b', [0.001, -0.0005])).toBe('+++a --b')
  })

  it('has none where no word pushes', () => {
    expect(marked('a b', [0, -0.00001])).toBe('a b')
  })

  it('keeps what stands between the words', () => {
    const words = [{ from: 2, to: 6, text: 'love', push: 0.3 }]
    expect(markedWords('“ love”, and so on…', { words })).toBe('“ +++love”, and so on…')
  })

  it('has its signs within the colours', () => {
    const paint = (sign: string, word: string) => `<${sign}>${word}</>`
    expect(marked('a b c', [0.3, 0, -0.3], paint)).toBe('<+>+++a</> b <->---c</>')
  })

  it('is one line, and no command to a terminal', () => {
    expect(markedWords('a\nb\u001b[31mc\r', { words: [] })).toBe('a b [31mc ')
  })
})
