import type { JsonObject } from "#base/json.ts";
import type { ReasoningEffort } from "#models/language-model.ts";

/** What a provider calls each effort; an effort that is missing is left out of the request. */
export type EffortNames = Readonly<Partial<Record<ReasoningEffort, string>>>;

/** Settings for the models whose id matches; the first match counts. */
export interface ForModels<Value> {
  readonly models: RegExp;
  readonly value: Value;
}

/** How a provider that speaks the OpenAI format is asked to reason. */
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
 * Where a provider departs from the OpenAI chat format. Absent means "as OpenAI wrote it down";
 * a provider without `reasoning` is never asked to reason.
 */
export interface Quirks {
  readonly reasoning?: ReasoningDialect;
  /**
   * How the reasoning of earlier turns goes back: as text, as text that no turn with tool calls may lack, or as the
   * details that came with it.
   */
  readonly echoesReasoning?: "text" | "text_always" | "details";
  /** Signatures that came beside tool calls go back in `extra_content`. */
  readonly echoesExtraContent?: true;
  /** Fields left out of the request, for the models that refuse them. */
  readonly drops?: readonly ForModels<readonly string[]>[];
  /** Fields added to the request. */
  readonly adds?: readonly ForModels<JsonObject>[];
  /** The name of the instructions' role for the models that want another one. */
  readonly developerRole?: RegExp;
  /** Refuses `stream_options`. */
  readonly withoutUsageOption?: true;
  /** Cannot call tools: results of the past become notes. */
  readonly withoutTools?: true;
  /** Knows no tool choice but `auto`. */
  readonly withoutToolChoice?: true;
  /** Answers in one piece when tools are offered. */
  readonly plainWithTools?: true;
  /** The most output tokens of an answer in one piece. */
  readonly plainMaxTokens?: number;
  /** Has JSON answers, but none by a schema. */
  readonly withoutJsonSchema?: true;
  /** Takes instructions at the beginning only. */
  readonly leadingSystemOnly?: true;
  /** Users and assistants have to take turns. */
  readonly alternates?: true;
  /** Refuses a conversation that ends with the assistant. */
  readonly refusesPrefill?: true;
  /** Which tool-call ids are accepted, beside those of at most 40 characters. */
  readonly callIds?: "nine_alphanumerics";
  readonly seedField?: "random_seed";
  /** Reads tool parameters by Google's subset of JSON Schema. */
  readonly schemas?: "google";
  /** Texts that one request for embeddings may hold. */
  readonly embeddingBatch?: number;
  /** What a model's id must look like, and what to say when it does not. */
  readonly modelIds?: { readonly pattern: RegExp; readonly message: string };
}

/** The value for a model, if any. */
export const findForModel = <Value>(list: readonly ForModels<Value>[] | undefined, model: string): Value | undefined =>
  list?.find(({ models }) => models.test(model))?.value;
