import type { LiveConnection } from "#core/live/live-connection.ts";

/** How a caller reached the gateway, as its request says it. */
export interface Reach {
  /** The address of the gateway as the caller knows it, such as `https://gateway.example`. */
  readonly origin: string;
  /** False for a page of another origin, which can neither use nor change a login. */
  readonly isOwnPage: boolean;
  /** The cookie of a browser that is signed in. */
  readonly loginCookie: string | undefined;
  /** The caller's name for itself, as it was sent. */
  readonly userAgent: string;
}

/** Options of a call in addition to the input of its operation. Each transport reads them from its own protocol. */
export interface CallOptions {
  /** The agent to use if the input names none. */
  readonly agent?: string | undefined;
  /** The session to continue. */
  readonly sessionKey?: string | undefined;
  /** What the caller wants to see besides the answer, in lower case, such as `reasoning`. */
  readonly events?: readonly string[];
  /** True if a library of OpenAI or Vercel makes the call. Their parsers refuse events that they do not know. */
  readonly isOpenAiClient?: boolean;
  /** Called when the input is stored or no longer needed. The transport may then take further input. */
  readonly onInputStored?: () => void;
  /** True if the caller wants one JSON document from an operation that would stream. */
  readonly wantsDocument?: boolean;
  /** True if the caller asks for a stream of events, of an operation that answers with a document otherwise. */
  readonly wantsStream?: boolean;
  /** The cursor after which an interrupted event stream continues. */
  readonly resumeAfter?: string | undefined;
  /** Returns a header by which a platform proves that it made a public call. */
  readonly proof?: (name: string) => string | undefined;
  /** How the caller reached the gateway. */
  readonly reach?: Reach;
  /** The lasting connection on which the call came. */
  readonly live?: LiveConnection;
  /**
   * Identifies this call, so a repeated call has no second effect. At most `LIMITS.idempotencyKeyLength` characters.
   */
  readonly idempotencyKey?: string | undefined;
}
