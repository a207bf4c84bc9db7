import { AppError, type ErrorCode, type ErrorOptions } from "#base/errors.ts";
import type { MessageKey, MessageParams } from "#base/i18n/translate.ts";

/** A run's failure as it is stored. Its message is built at each read, in the reader's language. */
export interface RunError {
  readonly code: ErrorCode;
  readonly key: MessageKey;
  readonly params: Readonly<Record<string, string | number>>;
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

export const runError = <Key extends MessageKey>(
  code: ErrorCode,
  key: Key,
  params: MessageParams<Key>,
  options: Pick<RunError, "reason" | "retryAfterMs"> = {},
): RunError => ({ code, key, params, ...options });

/**
 * Converts a stored failure back to an error. The cast is safe, because its key and parameters were checked together.
 */
export function toAppError({ code, key, params, reason, retryAfterMs }: RunError): AppError {
  const options: ErrorOptions = { ...(reason && { reason }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return new AppError(code, key, params as never, options);
}

export function fromAppError({ code, key, params, options }: AppError): RunError {
  return { code, key, params, reason: options.reason, retryAfterMs: options.retryAfterMs };
}
