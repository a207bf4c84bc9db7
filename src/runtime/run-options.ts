import type { ModelResponseFormat, ModelSettings, ModelTool, ModelToolChoice } from "#models/language-model.ts";

/** What the caller asked of one run, beside its messages. Stored with the run, so that a resumed one asks the same. */
export interface RunOptions {
  /** The caller's own system or developer text. */
  readonly instructions?: string | undefined;
  readonly settings: ModelSettings;
  /** Tools that the caller runs. */
  readonly clientTools: readonly ModelTool[];
  readonly toolChoice?: ModelToolChoice | undefined;
  /** The caller named the session, and so will come back to it. */
  readonly wantsTitle?: boolean | undefined;
  readonly responseFormat?: ModelResponseFormat | undefined;
}
