/** Milliseconds since some fixed moment, on a clock that never goes back. */
export type Clock = () => number

/** The clock of the process, in fractions of a millisecond. */
export const monotonic: Clock = () => performance.now()

/** The wall clock, the same in every thread: Bun counts its monotonic clocks from each thread's start. */
export const wallClock: Clock = () => Date.now()
