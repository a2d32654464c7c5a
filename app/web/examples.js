/**
 * @typedef {object} Example
 * @property {string} name
 * @property {string} text
 * @property {string} [people] The label that people give the text, where they agree.
 */

/** @type {readonly Example[]} */
export const EXAMPLES = [
  {
    name: 'Praise',
    text: 'A warm, funny film with a cast that clearly enjoys itself.',
    people: 'positive',
  },
  { name: 'Negation', text: 'Not bad at all.', people: 'positive' },
  { name: 'Mixed', text: 'The acting is good, the story is not.' },
  { name: 'No opinion', text: 'The parcel arrived on Tuesday.' },
  { name: 'Regret', text: 'I wish I had bought it sooner.', people: 'positive' },
  { name: 'Irony', text: 'The best part was when it ended.', people: 'negative' },
]

/**
 * What to say of an example once the model has answered: whether it is right, and why not. The answer
 * of this moment decides, as other models make other mistakes.
 *
 * @param {Example} example
 * @param {string} label The likeliest one of the model.
 */
export function verdictOn({ people }, label) {
  if (people === undefined || people === label.toLowerCase()) return ''
  return (
    `People read this as ${people}, and the model says ${label.toLowerCase()}: it is wrong. ` +
    'It weighs words and their neighbours, and knows nothing of the world: irony, understatement ' +
    'and numbers escape it. Rely on it for many texts, not for one.'
  )
}
