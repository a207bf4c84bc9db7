import type { ModelError } from "#models/language-model.ts";

/** Carries a typed failure out of an adapter's inner parts; the adapter turns it into its last event. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message);
    this.error = error;
  }
}

/** The provider broke its protocol or one of our bounds. */
export const malformed = (message: string) => new ModelFailure({ kind: "malformed", message });

/** The request asks for what this provider does not have. */
export const unsupported = (message: string) => new ModelFailure({ kind: "unsupported", message });
