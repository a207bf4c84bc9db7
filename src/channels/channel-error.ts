/**
 * Why a call of a platform failed.
 * `unavailable` and `rate_limited`: it had no effect and may be repeated.
 * `forbidden`: the gateway may not call this address. Its operator can change that.
 * `outcome_unknown`: it may have had its effect.
 * `refused`: the platform does not take this message. `chat_gone`: it takes none for this chat.
 * `chat_moved`: the chat has another id now.
 * `credentials_refused`, `credentials_missing`, `unsupported`: nothing works until the instance is changed.
 * `conflict`: somebody else listens with the same credentials.
 * `forged`: a request does not prove where it is from.
 */
export type ChannelErrorKind =
  | "unavailable"
  | "rate_limited"
  | "forbidden"
  | "outcome_unknown"
  | "refused"
  | "chat_gone"
  | "chat_moved"
  | "credentials_refused"
  | "credentials_missing"
  | "unsupported"
  | "conflict"
  | "forged"
  | "malformed";

export interface ChannelErrorOptions {
  /** How long the platform wants no further call, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The new id of the chat. */
  readonly movedTo?: string;
}

/** A failure of a chat platform. Its message never holds a credential or a text of a message. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly kind: ChannelErrorKind;
  readonly options: ChannelErrorOptions;

  constructor(kind: ChannelErrorKind, message: string, options: ChannelErrorOptions = {}) {
    super(message);
    this.kind = kind;
    this.options = options;
  }

  /** True if nothing works until somebody changes the instance. */
  get isFinal(): boolean {
    return ["credentials_refused", "credentials_missing", "unsupported"].includes(this.kind);
  }
}
