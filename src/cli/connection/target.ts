import type { Secret } from "#base/secret.ts";

/** A gateway, and as whom it is called. */
export interface Target {
  readonly url: string;
  readonly token?: Secret;
  /** The user on whose behalf calls are made. */
  readonly user?: string;
  /** The id or slug of the tenant. */
  readonly tenant?: string;
  readonly source: TargetSource;
}

/** Why this gateway is called, so that advice fits. */
export type TargetSource =
  | { readonly kind: "named" }
  | { readonly kind: "context"; readonly name: string }
  | { readonly kind: "local" };
