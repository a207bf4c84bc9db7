/** What a caller may say beside an operation's input. Every door, HTTP or another, fills it from its own protocol. */
export interface CallOptions {
  /** The agent to use if the input names none. */
  readonly agent?: string | undefined;
  /** The session to continue. */
  readonly sessionKey?: string | undefined;
  /** The caller wants one JSON document from an operation that would stream. */
  readonly wantsDocument?: boolean;
  /** The cursor after which an interrupted event stream continues. */
  readonly resumeAfter?: string | undefined;
  /** Names this call, so that a repetition has no second effect. At most `LIMITS.idempotencyKeyLength` characters. */
  readonly idempotencyKey?: string | undefined;
}
