/** The command cannot be understood as it was written. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command was understood, and did not succeed. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}
