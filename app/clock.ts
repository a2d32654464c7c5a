/** Milliseconds since some fixed moment, on a clock that never goes back. */
export type Clock = () => number

/** The clock of the process, in fractions of a millisecond. */
export const monotonic: Clock = () => performance.now()

/** The clock of the machine, in fractions of a millisecond: the same in every thread. */
export const sharedClock: Clock = () => Number(process.hrtime.bigint()) / 1e6
