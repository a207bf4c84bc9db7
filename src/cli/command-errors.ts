/** The command cannot be understood as it was written. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command was understood, and did not succeed. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** A person ended a question with Ctrl-C or Ctrl-D. There is nothing to explain. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
