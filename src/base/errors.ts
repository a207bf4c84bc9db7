import type { MessageKey, MessageParams } from "#base/i18n/translate.ts";

/** Every public error code with its HTTP status and its retry hint. A `retryAfterMs` of 0 means "no hint". */
export const ERROR_CODES = {
  UNAUTHORIZED: { status: 401, retryable: false, retryAfterMs: 0 },
  INVALID_REQUEST: { status: 400, retryable: false, retryAfterMs: 0 },
  NOT_FOUND: { status: 404, retryable: false, retryAfterMs: 0 },
  ALREADY_EXISTS: { status: 409, retryable: false, retryAfterMs: 0 },
  UNAVAILABLE: { status: 503, retryable: true, retryAfterMs: 5_000 },
  RESOURCE_EXHAUSTED: { status: 429, retryable: true, retryAfterMs: 60_000 },
  FAILED_PRECONDITION: { status: 409, retryable: false, retryAfterMs: 0 },
  AGENT_TIMEOUT: { status: 504, retryable: true, retryAfterMs: 1_000 },
  INTERNAL: { status: 500, retryable: false, retryAfterMs: 0 },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** HTTP statuses that may replace the default status of a code. */
export type StatusOverride = 403 | 405 | 413 | 415 | 416 | 421 | 426;

/** One validation error of one field. `field` is a path such as `messages.0.role`. */
export interface FieldIssue {
  readonly field: string;
  readonly key: MessageKey;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface ErrorOptions {
  /** Overrides the default status of the code, for the few causes that HTTP distinguishes. */
  readonly status?: StatusOverride;
  /** A machine-readable, more specific cause. Sent as `details.reason`. */
  readonly reason?: string;
  /** The invalid request field. Sent as `param` on the OpenAI routes and as `details.field` elsewhere. */
  readonly field?: string;
  /** The validation errors of the request's fields. They are translated when the error is sent. */
  readonly issues?: readonly FieldIssue[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An expected failure. The transport translates `key` into the caller's language. */
export class AppError<Key extends MessageKey = MessageKey> extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly key: Key;
  readonly params: MessageParams<Key>;
  readonly options: ErrorOptions;

  constructor(code: ErrorCode, key: Key, params: MessageParams<Key>, options: ErrorOptions = {}) {
    super(`${code}: ${key}`, { cause: options.cause });
    this.code = code;
    this.key = key;
    this.params = params;
    this.options = options;
  }
}

export const notFound = (entity: string, id: string) => new AppError("NOT_FOUND", "error.not_found", { entity, id });

export const alreadyExists = (entity: string, id: string) =>
  new AppError("ALREADY_EXISTS", "error.already_exists", { entity, id });

/** 401: the caller is not authenticated. */
export const unauthorized = () => new AppError("UNAUTHORIZED", "error.unauthorized", {});

/** 403: the caller is authenticated but lacks the permission. */
export const permissionDenied = (detail: string) =>
  new AppError("UNAUTHORIZED", "error.permission_denied", { detail }, { status: 403 });

export const required = (field: string) => new AppError("INVALID_REQUEST", "error.required", { field }, { field });

export const invalidField = (field: string, detail: string) =>
  new AppError("INVALID_REQUEST", "error.invalid_field", { field, detail }, { field });

/** 409: the current state does not allow the request. `reason` names the unmet condition. */
export const failedPrecondition = <Key extends MessageKey>(
  key: Key,
  params: MessageParams<Key>,
  reason: string,
  options: ErrorOptions = {},
) => new AppError("FAILED_PRECONDITION", key, params, { ...options, reason });
