import { AppError, ERROR_CODES, type ErrorCode, type FieldIssue } from "#base/errors.ts";
import { type Locale, type MessageKey, translate } from "#base/i18n/translate.ts";

export interface ErrorShape {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** The delay before a retry in milliseconds. 0 means "no hint". */
  readonly retryAfterMs: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Converts a thrown value to the error that clients read, in their language. Every transport uses this function. */
export function toErrorShape(thrown: unknown, locale: Locale, requestId: string): ErrorShape {
  const error = toAppError(thrown, requestId);
  const { retryable, retryAfterMs } = ERROR_CODES[error.code];
  const details = describeDetails(error, locale);
  return {
    code: error.code,
    message: describeMessage(error, locale),
    retryable: error.options.retryable ?? retryable,
    retryAfterMs: error.options.retryAfterMs ?? retryAfterMs,
    ...(Object.keys(details).length > 0 && { details }),
  };
}

/** Wraps an unexpected error as `INTERNAL`. Its cause appears only in the logs, under the request id. */
export const toAppError = (thrown: unknown, requestId: string): AppError =>
  thrown instanceof AppError ? thrown : new AppError("INTERNAL", "error.internal", { requestId }, { cause: thrown });

export const statusOf = ({ code, options }: AppError): number => options.status ?? ERROR_CODES[code].status;

function describeMessage({ key, params, options: { issues } }: AppError, locale: Locale): string {
  const [only, ...others] = issues ?? [];
  if (!only || others.length > 0) return translate(locale, key, params);
  if (only.key === "field.required") return translate(locale, "error.required", { field: only.field });
  return translate(locale, "error.invalid_field", { field: only.field, detail: describeIssue(only, locale) });
}

function describeDetails({ options: { details, reason, field, issues } }: AppError, locale: Locale) {
  return {
    ...details,
    ...(reason && { reason }),
    ...(field && { field }),
    ...(issues && {
      fields: issues.map((issue) => ({ field: issue.field, message: describeIssue(issue, locale) })),
    }),
  };
}

// Safe: an issue is created with the parameters of its own key. Only the type of the pair is lost.
const describeIssue = ({ key, params }: FieldIssue, locale: Locale): string =>
  translate<MessageKey>(locale, key, params as never);

export type OpenAiErrorType = "invalid_request_error" | "rate_limit_error" | "server_error";

/** Adds the fields that OpenAI's clients read. */
export function toOpenAiErrorShape(shape: ErrorShape, status: number) {
  const type: OpenAiErrorType =
    status === 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error";
  const field = shape.details?.field;
  return { ...shape, type, param: typeof field === "string" ? field : null };
}
