import type { EgressSender } from "#base/egress/create-egress.ts";
import type { Secret } from "#base/secret.ts";

/** The options that every adapter takes. */
export interface AdapterOptions {
  /** Has no trailing slash. */
  readonly baseUrl: string;
  /** An empty key is not sent. */
  readonly apiKey: Secret;
  /** The egress sender for calls to providers. */
  readonly egress: EgressSender;
}
