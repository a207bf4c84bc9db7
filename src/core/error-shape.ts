import { AppError, ERROR_CODES, type ErrorCode, type FieldIssue } from "#base/errors.ts";
import { type Locale, type MessageKey, translate } from "#base/i18n/translate.ts";

export interface ErrorShape {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** 0 means "no hint". */
  readonly retryAfterMs: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one place where a thrown value becomes what a client reads, on every transport. */
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

/** Anything unexpected becomes INTERNAL; what it was stays in our logs under the request id. */
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

// An issue is made with the parameters of its own key; the pair only lost its type on the way here.
const describeIssue = ({ key, params }: FieldIssue, locale: Locale): string =>
  translate<MessageKey>(locale, key, params as never);

export type OpenAiErrorType = "invalid_request_error" | "rate_limit_error" | "server_error";

/** The same error with the fields that OpenAI's clients read. */
export function toOpenAiErrorShape(shape: ErrorShape, status: number) {
  const type: OpenAiErrorType =
    status === 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error";
  const field = shape.details?.field;
  return { ...shape, type, param: typeof field === "string" ? field : null };
}
