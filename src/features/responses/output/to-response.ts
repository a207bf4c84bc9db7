import type { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { describeFailure } from "#features/openai-runs/index.ts";
import type {
  Echo,
  OutputItem,
  ResponseFailure,
  ResponseObject,
  ResponseStatus,
  ResponseUsage,
} from "#features/responses/schema/response.ts";
import type { RunFinish, Usage } from "#runtime/runs/index.ts";

/** What stays the same from the beginning of a response to its end. */
export interface ResponseHead extends Echo {
  readonly id: string;
  /** Seconds since 1970, UTC. */
  readonly created_at: number;
}

/** What changes while a response is made. */
export interface ResponseState {
  readonly status: ResponseStatus;
  readonly output: readonly OutputItem[];
  readonly usage?: Usage | undefined;
  readonly failure?: ResponseFailure | undefined;
  readonly finish?: RunFinish | undefined;
  readonly endedAt?: Date | undefined;
}

/** Returns the status of a response whose run completed. */
export const statusOf = (finish: RunFinish | undefined): "completed" | "incomplete" =>
  finish === "length" || finish === "content_filter" ? "incomplete" : "completed";

/** Builds a response in OpenAI's form. */
export function toResponse(head: ResponseHead, state: ResponseState): ResponseObject {
  const { status, output, usage, failure, finish, endedAt } = state;
  const { id, created_at, ...echo } = head;
  return {
    id,
    object: "response",
    created_at,
    completed_at: endedAt ? Math.floor(endedAt.getTime() / 1_000) : null,
    status,
    error: failure ?? null,
    incomplete_details: toIncompleteDetails(status, finish),
    output: [...output],
    usage: usage ? toUsage(usage) : null,
    ...echo,
  };
}

const toIncompleteDetails = (status: ResponseStatus, finish: RunFinish | undefined) =>
  status === "incomplete"
    ? { reason: finish === "content_filter" ? ("content_filter" as const) : ("max_output_tokens" as const) }
    : null;

const toUsage = (usage: Usage): ResponseUsage => ({
  input_tokens: usage.input_tokens,
  input_tokens_details: { cached_tokens: usage.cache_read_tokens, cache_write_tokens: usage.cache_write_tokens },
  output_tokens: usage.output_tokens,
  output_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
  total_tokens: usage.input_tokens + usage.output_tokens,
});

/** Returns the error of a response in OpenAI's words, with the gateway's own beside them. */
export function toResponseFailure(ctx: Context, error: AppError): ResponseFailure {
  const { code, message, details } = describeFailure(ctx, error);
  return { code: toOpenAiCode(code), message, details: { ...details, code } };
}

function toOpenAiCode(code: AppError["code"]): ResponseFailure["code"] {
  if (code === "RESOURCE_EXHAUSTED") return "rate_limit_exceeded";
  return code === "INVALID_REQUEST" ? "invalid_prompt" : "server_error";
}
