/** What a command's exit code says. */
export const EXIT = {
  ok: 0,
  /** The gateway refused, or the run failed. */
  refused: 1,
  usage: 2,
  unreachable: 3,
  /** Ended by Ctrl-C, as shells have it: 128 and the number of the signal. */
  cancelled: 130,
} as const;
