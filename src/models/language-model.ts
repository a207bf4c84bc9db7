import type { JsonObject } from "#base/json.ts";
import type { TraceHeaders } from "#base/trace-headers.ts";
import type { ProviderWords } from "#models/failures/provider-words.ts";

/**
 * One message of a model's input, independent of the wire format. Binary content is already fetched. `name` tells the
 * users of one conversation apart.
 */
export type ModelMessage =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly name?: string | undefined; readonly parts: readonly (ModelText | ModelFile)[] }
  | { readonly role: "assistant"; readonly parts: readonly (ModelText | ModelReasoning | ModelToolCall)[] }
  | { readonly role: "tool"; readonly results: readonly ModelToolResult[] };

export interface ModelText {
  readonly type: "text";
  readonly text: string;
}

/**
 * Data that a provider needs back unchanged, such as a signature. It is an object under the name of the adapter that
 * wrote it. An adapter sends only its own entry and ignores the others, so another provider can continue the
 * conversation.
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
  /** How closely the model looks at an image, in OpenAI's words. */
  readonly detail?: string | undefined;
  /** What a model reads in place of a file that its provider does not take. */
  readonly standIn?: string | undefined;
}

/** `arguments` is the JSON text as the model wrote it; it may be malformed. */
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
  /** Images that the tool gave. An adapter sends them where its format has a place for them. */
  readonly files?: readonly ModelFile[] | undefined;
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

/**
 * Returns undefined if `name` is not an effort. `off` and `auto` are such names: they leave the effort to the model.
 */
export const findReasoningEffort = (name: unknown): ReasoningEffort | undefined =>
  REASONING_EFFORTS.find((effort) => effort === name);

/** Sampling settings. The provider's default applies to an absent setting. */
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
  /** Whether the model may call several tools in one turn. */
  readonly parallelToolCalls?: boolean | undefined;
}

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly toolChoice?: ModelToolChoice | undefined;
  readonly responseFormat?: ModelResponseFormat | undefined;
  readonly settings: ModelSettings;
  /** If true, the request sets no reasoning effort, and the answering provider's configured effort applies. */
  readonly inheritsReasoning?: boolean | undefined;
  /** The headers by which the provider can continue the trace of the call. */
  readonly traceHeaders?: TraceHeaders | undefined;
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

/** Why a model call failed. Retry and failover decide by this kind. */
export type ModelErrorKind =
  | "aborted"
  | "auth"
  | "billing"
  | "rate_limit"
  | "overloaded"
  | "server_error"
  | "timeout"
  | "unreachable"
  /** The gateway's own process may open no more files and sockets. */
  | "out_of_files"
  | "model_not_found"
  /** The key may not use this model. */
  | "model_denied"
  | "model_retired"
  | "model_not_loaded"
  /** Nothing answers at the address: a part of the path is wrong or missing. */
  | "wrong_path"
  | "untrusted_certificate"
  | "context_overflow"
  | "content_policy"
  | "invalid_request"
  /** The model cannot read a part of this request, such as an image. */
  | "input_unsupported"
  | "tools_unsupported"
  /** The server was started without the options that tool calls need. */
  | "tools_disabled"
  /** The adapter cannot express the request, or cannot call the provider. */
  | "unsupported"
  | "malformed"
  /** The answer came whole, but holds nothing that can be used: no text and no call, or a torn call. */
  | "unusable"
  /** The provider was not called, because it failed too often recently. */
  | "circuit_open"
  | "unknown";

/** `message` is for our logs: short, without secrets, prompts or the provider's raw answer. */
export interface ModelError {
  readonly kind: ModelErrorKind;
  readonly message: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The provider's own words. They must be cleaned before somebody reads them. */
  readonly words?: ProviderWords | undefined;
}

/**
 * One event of a streamed model call. The last event is exactly one `finish` or `error`. A reasoning block begins with
 * a `reasoning`, whose text may be empty, and ends with a `reasoning_end`.
 */
export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "reasoning_end"; readonly metadata?: ModelMetadata | undefined }
  | ({ readonly type: "tool_call" } & Omit<ModelToolCall, "type">)
  /**
   * The model works on output that arrives as a whole: tool arguments or hidden reasoning. Shows only that the call is
   * alive.
   */
  | { readonly type: "progress" }
  | { readonly type: "finish"; readonly finish: ModelFinish; readonly usage?: ModelUsage | undefined }
  | { readonly type: "error"; readonly error: ModelError; readonly usage?: ModelUsage | undefined };

/** The events of a model call that callers see. */
export type AnswerEvent =
  | Exclude<ModelEvent, { readonly type: "progress" }>
  /** The call begins again. The reasoning before this event belongs to no answer. */
  | { readonly type: "restart" };

/**
 * The models of one provider. `stream` never throws and always ends with its last event. If the signal aborts, it
 * closes the connection to the provider and ends with kind `aborted`.
 */
export interface LanguageModel {
  /** The provider's own timeouts, which replace those of the gateway. */
  readonly timeouts?: Partial<CallTimeouts> | undefined;
  /** `onAlive` is called whenever bytes of the answer arrive, even if they contain no event. */
  stream(request: ModelRequest, signal: AbortSignal, onAlive?: () => void): AsyncIterable<ModelEvent>;
}

/** Timeouts of a model call, in milliseconds. */
export interface CallTimeouts {
  /** Until the first event, or between two signs of life before it. */
  readonly firstEventMs: number;
  /** Between two signs of life after the first event. */
  readonly idleMs: number;
  /** From the start of the call to its end. */
  readonly totalMs: number;
}
