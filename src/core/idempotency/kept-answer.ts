import { AppError, type ErrorCode, type ErrorOptions } from "#base/errors.ts";
import type { MessageKey } from "#base/i18n/translate.ts";
import { LIMITS } from "#base/limits.ts";
import type { AnyOperation } from "#core/operation.ts";
import { Reply } from "#core/reply.ts";

/** An error that was recorded for an earlier call with the same key. */
export class ReplayedError extends AppError {}

type Kept =
  | {
      readonly kind: "value";
      readonly value: unknown;
      readonly headers: Readonly<Record<string, string>>;
      readonly status?: 200 | undefined;
    }
  | {
      readonly kind: "error";
      readonly code: ErrorCode;
      readonly key: MessageKey;
      readonly params: Readonly<Record<string, string | number>>;
      readonly options: ErrorOptions;
    };

/**
 * Converts an answer to the text that replays it, without the fields that are shown only once. Returns undefined for an
 * answer above `LIMITS.idempotencyAnswer`.
 */
export function toKeptAnswer({ shownOnce = [] }: AnyOperation, reply: unknown): string | undefined {
  const { value, headers, status } = reply instanceof Reply ? reply : new Reply(reply, {});
  if (shownOnce.length === 0 || value === null || typeof value !== "object") return toText({ value, headers, status });
  const shown = Object.fromEntries(Object.entries(value).filter(([name]) => !shownOnce.includes(name)));
  return toText({ value: shown, headers, status });
}

function toText(answer: Omit<Extract<Kept, { kind: "value" }>, "kind">): string | undefined {
  const text = JSON.stringify({ kind: "value", ...answer } satisfies Kept);
  return Buffer.byteLength(text) > LIMITS.idempotencyAnswer ? undefined : text;
}

/** Like `toKeptAnswer`, for a value that the operation's output has not parsed yet. Undefined if it is no answer. */
export function toEffectAnswer(operation: AnyOperation, value: unknown): string | undefined {
  const answer = operation.output.safeParse(value);
  return answer.success ? toKeptAnswer(operation, answer.data) : undefined;
}

export function toKeptError({ code, key, params, options: { cause: _, ...options } }: AppError): string {
  return JSON.stringify({ kind: "error", code, key, params, options } satisfies Kept);
}

/** Returns the answer in a text of this file. Throws `ReplayedError` if it is an error. */
export function replayAnswer(text: string): unknown {
  const kept = JSON.parse(text) as Kept;
  if (kept.kind === "error") throw new ReplayedError(kept.code, kept.key, kept.params as never, kept.options);
  const isPlain = Object.keys(kept.headers).length === 0 && kept.status === undefined;
  return isPlain ? kept.value : new Reply(kept.value, kept.headers, kept.status);
}
