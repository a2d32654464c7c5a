/** Milliseconds since some fixed moment, on a clock that never goes back. */
export type Clock = () => number

/** The clock of the process, in fractions of a millisecond. */
export const monotonic: Clock = () => performance.now()
