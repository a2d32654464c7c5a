import { dashboard, row } from './dashboard.ts'
import { capacity, why } from './on-call-causes.ts'
import { since, us } from './on-call-state.ts'

/** What the colours of the annotations mean. */
const MARKS =
  '(Green: a start, blue: a new model, purple: a thread replaced, orange: the circuit breaker open, red: an alert.)'

/** The home: what whoever is called looks at first. */
export const onCall = dashboard({
  uid: 'polarity-on-call',
  title: 'Polarity: on call',
  description:
    'Is it us, since when, why, is it capacity, who, and what to do. Everything here counts all replicas of the chosen namespaces.',
  rows: [
    row('Is it us? What do I do?', us),
    row(`Since when? ${MARKS}`, since),
    row('Why?', why),
    row('Is it capacity? Who is it?', capacity),
  ],
})
