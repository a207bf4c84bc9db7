import type { ModelError } from "#models/language-model.ts";

/** Carries a `ModelError` out of an adapter's inner parts. The adapter yields it as its last event. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message);
    this.error = error;
  }
}

/** Creates the failure for a provider that violated its protocol or one of our limits. */
export const malformed = (message: string) => new ModelFailure({ kind: "malformed", message });

/** Creates the failure for a request that needs a feature the provider lacks. */
export const unsupported = (message: string) => new ModelFailure({ kind: "unsupported", message });
