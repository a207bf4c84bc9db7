import type { JsonObject } from "#base/json.ts";

/** What a language model reads: neutral between wire formats. Binary content is bytes, already fetched. */
export type ModelMessage =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly parts: readonly (ModelText | ModelFile)[] }
  | { readonly role: "assistant"; readonly parts: readonly (ModelText | ModelReasoning | ModelToolCall)[] }
  | { readonly role: "tool"; readonly results: readonly ModelToolResult[] };

export interface ModelText {
  readonly type: "text";
  readonly text: string;
}

/**
 * What a provider wants to see again unchanged, such as a signature: an object under the name of the adapter that wrote
 * it. An adapter sends what stands under its own name and ignores the rest, so that another provider can carry on.
 */
export type ModelMetadata = JsonObject;

export interface ModelReasoning {
  readonly type: "reasoning";
  readonly text: string;
  readonly metadata?: ModelMetadata | undefined;
}

export interface ModelFile {
  readonly type: "file";
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly filename?: string | undefined;
}

/** `arguments` is the JSON text as the model wrote it, which may be broken. */
export interface ModelToolCall {
  readonly type: "tool_call";
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  readonly metadata?: ModelMetadata | undefined;
}

export interface ModelToolResult {
  readonly callId: string;
  readonly name: string;
  readonly text: string;
  readonly isError: boolean;
}

/** `parameters` is a JSON Schema of type object. */
export interface ModelTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters: JsonObject;
  readonly strict?: boolean | undefined;
}

export type ModelToolChoice = "auto" | "none" | "required" | { readonly name: string };

export type ModelResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly schema: JsonObject;
      readonly description?: string | undefined;
      readonly strict?: boolean | undefined;
    };

const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

/** Undefined for what names no effort, such as `off` and `auto`, which leave it to the model. */
export const findReasoningEffort = (name: unknown): ReasoningEffort | undefined =>
  REASONING_EFFORTS.find((effort) => effort === name);

/** Sampling settings; what is absent is left to the provider. */
export interface ModelSettings {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** In tokens. */
  readonly maxOutputTokens?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly toolChoice?: ModelToolChoice | undefined;
  readonly responseFormat?: ModelResponseFormat | undefined;
  readonly settings: ModelSettings;
  /** Nobody has said how hard to think: what the provider's own settings say counts, whichever provider answers. */
  readonly inheritsReasoning?: boolean | undefined;
}

/** Counts of tokens. `output` includes `reasoning`; `input` includes both cache counts. */
export interface ModelUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

export type ModelFinish = "stop" | "length" | "tool_calls" | "content_filter";

/** Why a model call failed, in the terms that retrying and failing over decide by. */
export type ModelErrorKind =
  | "aborted"
  | "auth"
  | "billing"
  | "rate_limit"
  | "overloaded"
  | "server_error"
  | "timeout"
  | "unreachable"
  | "model_not_found"
  | "context_overflow"
  | "content_policy"
  | "invalid_request"
  | "unsupported"
  | "malformed"
  /** Not asked at all: the provider has failed too often just now. */
  | "circuit_open"
  | "unknown";

/** `message` is for our logs: short, without secrets, prompts or the provider's raw answer. */
export interface ModelError {
  readonly kind: ModelErrorKind;
  readonly message: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * A model call as it streams. Exactly one `finish` or one `error` comes last. A block of reasoning begins with a
 * `reasoning`, whose text may be empty, and ends with a `reasoning_end`.
 */
export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "reasoning_end"; readonly metadata?: ModelMetadata | undefined }
  | ({ readonly type: "tool_call" } & Omit<ModelToolCall, "type">)
  /** The model is at work on what comes whole: the arguments of a call, hidden reasoning. Only shows that it is not silent. */
  | { readonly type: "progress" }
  | { readonly type: "finish"; readonly finish: ModelFinish; readonly usage?: ModelUsage | undefined }
  | { readonly type: "error"; readonly error: ModelError; readonly usage?: ModelUsage | undefined };

/** What is shown of a model call. */
export type AnswerEvent = Exclude<ModelEvent, { readonly type: "progress" }>;

/**
 * One model behind one provider. `stream` never throws and never ends without its last event;
 * an aborted signal closes the connection to the provider and ends the stream with kind `aborted`.
 */
export interface LanguageModel {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
