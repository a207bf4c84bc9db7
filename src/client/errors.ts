/** What the gateway says about a refusal. */
export interface ErrorDetails {
  /** Such as `NOT_FOUND`. `CONNECTION_FAILED` and `ABORTED` come from the client itself. */
  readonly code: string;
  readonly message: string;
  /** True if the same call may succeed later. */
  readonly retryable: boolean;
  /** When to try again, in milliseconds. 0 means "no hint". */
  readonly retryAfterMs: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A call that was refused, or that did not reach the gateway. */
export class GoClawError extends Error implements ErrorDetails {
  override readonly name = "GoClawError";
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  readonly details: Readonly<Record<string, unknown>>;
  /** The HTTP status. Undefined for calls over a socket, and for those that did not reach the gateway. */
  readonly status: number | undefined;
  /** The id under which the gateway's log tells more. */
  readonly requestId: string | undefined;

  constructor(
    { code, message, retryable, retryAfterMs, details = {} }: ErrorDetails,
    from: { readonly status?: number; readonly requestId?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, from.cause === undefined ? {} : { cause: from.cause });
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.details = details;
    this.status = from.status;
    this.requestId = from.requestId;
  }
}

export const connectionFailed = (cause: unknown): GoClawError =>
  new GoClawError(
    {
      code: "CONNECTION_FAILED",
      message: `the gateway cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
      retryable: true,
      retryAfterMs: 0,
    },
    { cause },
  );

export const aborted = (signal: AbortSignal): GoClawError =>
  new GoClawError(
    { code: "ABORTED", message: "the call was aborted", retryable: false, retryAfterMs: 0 },
    { cause: signal.reason },
  );

/** What the gateway answers to a browser that has no token and is not paired. */
export interface PairingAnswer {
  readonly status?: string;
  readonly pairing_code?: string;
  readonly sender_id?: string;
}

/** The details hold the code for an administrator, and the id with which to connect once it is approved. */
export const pairingRequired = ({ pairing_code, sender_id }: PairingAnswer): GoClawError =>
  new GoClawError({
    code: "UNAUTHORIZED",
    message: `an administrator has to approve the code ${pairing_code}`,
    retryable: false,
    retryAfterMs: 0,
    details: { reason: "pairing_required", pairing_code, sender_id },
  });

/** Reads an error from what a server sent, which may be anything. */
export function toError(value: unknown, from: ConstructorParameters<typeof GoClawError>[1] = {}): GoClawError {
  const shape: Partial<ErrorDetails> = value !== null && typeof value === "object" ? value : {};
  const fallback = from.status === undefined ? "the gateway refused the call" : `the gateway answered ${from.status}`;
  return new GoClawError(
    {
      code: shape.code ?? "INTERNAL",
      message: shape.message ?? fallback,
      retryable: shape.retryable ?? (from.status ?? 0) >= 500,
      retryAfterMs: shape.retryAfterMs ?? 0,
      ...(shape.details && { details: shape.details }),
    },
    from,
  );
}
