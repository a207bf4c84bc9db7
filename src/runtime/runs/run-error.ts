import { AppError, type ErrorCode, type ErrorOptions } from "#base/errors.ts";
import type { MessageKey, MessageParams } from "#base/i18n/translate.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";

/** A run's failure as it is stored. Its message is built at each read, in the reader's language. */
export interface RunError {
  readonly code: ErrorCode;
  readonly key: MessageKey;
  readonly params: Readonly<Record<string, string | number>>;
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The provider's own words, for administrators. */
  readonly providerMessage?: string | undefined;
}

export const runError = <Key extends MessageKey>(
  code: ErrorCode,
  key: Key,
  params: MessageParams<Key>,
  options: Pick<RunError, "reason" | "retryAfterMs"> = {},
): RunError => ({ code, key, params, ...options });

/**
 * Converts a stored failure back to an error for a reader. The cast is safe, because its key and parameters were checked
 * together.
 */
export function toAppError(
  { code, key, params, reason, retryAfterMs, providerMessage }: RunError,
  reader: Pick<Context, "role">,
): AppError {
  const isTold = providerMessage !== undefined && hasRole(reader, "admin");
  const options: ErrorOptions = {
    ...(reason && { reason }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isTold && { details: { provider_message: providerMessage } }),
  };
  return new AppError(code, key, params as never, options);
}

export function fromAppError({ code, key, params, options }: AppError): RunError {
  return { code, key, params, reason: options.reason, retryAfterMs: options.retryAfterMs };
}
