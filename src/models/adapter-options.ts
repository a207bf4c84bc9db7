import type { EgressSender } from "#base/egress/create-egress.ts";
import type { Secret } from "#base/secret.ts";

/** What every adapter needs of a configured provider. */
export interface AdapterOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Empty sends none. */
  readonly apiKey: Secret;
  /** The provider door of egress. */
  readonly egress: EgressSender;
}
