export interface StartErrorOptions {
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** The exit code for an unusable configuration (EX_CONFIG of sysexits.h). A restart does not help. */
export const EXIT_CONFIGURATION = 78;

/** The gateway cannot start. The message is one sentence for the operator: what is wrong and what to do about it. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly exitCode: number;

  constructor(message: string, options: StartErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}
