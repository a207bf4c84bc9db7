import type { JsonObject } from "#base/json.ts";
import type { ReasoningEffort } from "#models/language-model.ts";

/** A provider's names for the reasoning efforts. An effort without a name is not sent. */
export type EffortNames = Readonly<Partial<Record<ReasoningEffort, string>>>;

/** A value for the models whose id matches. The first match in a list applies. */
export interface ForModels<Value> {
  readonly models: RegExp;
  readonly value: Value;
}

/** How the reasoning effort is sent to a provider that speaks the OpenAI format. */
export type ReasoningDialect =
  /** `reasoning_effort`, for the listed models. */
  | { readonly kind: "effort"; readonly levels: readonly ForModels<EffortNames>[] }
  /** `reasoning: {effort}`. */
  | { readonly kind: "object" }
  /** `thinking: {type}`, and `reasoning_effort` for the listed models. */
  | { readonly kind: "switch"; readonly levels: readonly ForModels<EffortNames>[] }
  /** `enable_thinking` and `thinking_budget`, in tokens, for the listed models. */
  | { readonly kind: "budget"; readonly models: RegExp };

/**
 * A provider's deviations from the OpenAI chat format. An absent field means OpenAI's documented behaviour. Without
 * `reasoning`, no reasoning field is sent.
 */
export interface Quirks {
  readonly reasoning?: ReasoningDialect;
  /**
   * How the reasoning of earlier turns is sent back. `text` sends the text. `text_always` also sends an empty text for
   * turns with tool calls. `details` sends the received details.
   */
  readonly echoesReasoning?: "text" | "text_always" | "details";
  /** Signatures received with tool calls are sent back in `extra_content`. */
  readonly echoesExtraContent?: true;
  /** Fields that are not sent to the models that refuse them. */
  readonly drops?: readonly ForModels<readonly string[]>[];
  /** Fields that are added to the request. */
  readonly adds?: readonly ForModels<JsonObject>[];
  /** The models that take instructions in the role `developer`. */
  readonly developerRole?: RegExp;
  /** The provider refuses `stream_options`. */
  readonly withoutUsageOption?: true;
  /** Marks such as `<think>` in the text are part of the answer. Without this quirk, they enclose thoughts. */
  readonly withoutThoughtMarks?: true;
  /** The models whose template opens the thoughts, so that only the closing mark arrives. */
  readonly beginsInThought?: RegExp;
  /** A user message must not follow tool messages, so the images of results are not sent. */
  readonly refusesUserAfterResults?: true;
  /** A user message holds text and images alone. */
  readonly refusesFiles?: true;
  /** The provider cannot call tools. Earlier calls and results become text. */
  readonly withoutTools?: true;
  /** The only tool choice is `auto`. */
  readonly withoutToolChoice?: true;
  /** Answers are not streamed if tools are offered. */
  readonly noStreamWithTools?: true;
  /** The output-token limit of an answer that is not streamed. */
  readonly unstreamedMaxTokens?: number;
  /** The provider supports JSON answers, but no JSON Schema. */
  readonly withoutJsonSchema?: true;
  /** System messages are accepted only at the beginning. */
  readonly leadingSystemOnly?: true;
  /** A user message may have a `name`. */
  readonly messageNames?: true;
  /** User and assistant messages must alternate. */
  readonly alternates?: true;
  /** A conversation must begin with a user message. */
  readonly beginsWithUser?: true;
  /** A conversation must not end with an assistant message. */
  readonly refusesPrefill?: true;
  /** The format of tool-call ids. By default, ids of at most 40 characters are accepted. */
  readonly callIds?: "nine_alphanumerics";
  readonly seedField?: "random_seed";
  /** Tool parameters must use Google's subset of JSON Schema. */
  readonly schemas?: "google";
  /** The most texts in one embeddings request. */
  readonly embeddingBatch?: number;
  /** The pattern of the provider's model ids, and the message for an id that does not match. */
  readonly modelIds?: { readonly pattern: RegExp; readonly message: string };
}

/** Returns the value for a model, or undefined if no entry matches. */
export const findForModel = <Value>(list: readonly ForModels<Value>[] | undefined, model: string): Value | undefined =>
  list?.find(({ models }) => models.test(model))?.value;
