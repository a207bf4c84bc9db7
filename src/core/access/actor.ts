import type { TenantId } from "#base/ids.ts";
import type { Scope } from "#core/access/access.ts";

/** The party that makes a call or a change, with its credentials. */
export type Actor =
  /** The gateway token. */
  | { readonly kind: "gateway" }
  | {
      readonly kind: "api_key";
      readonly keyId: string;
      readonly prefix: string;
      readonly scopes: readonly Scope[];
      /** Null for a system key. */
      readonly tenantId: TenantId | null;
      /** True if the key always acts as its owner and ignores the user that a request names. */
      readonly isBound: boolean;
      readonly expiresAt: string | null;
    }
  | { readonly kind: "anonymous" }
  /** A browser, paired or waiting to be. */
  | { readonly kind: "device"; readonly deviceId: string; readonly shortId: string }
  /** Whoever holds a signed link to one file. */
  | { readonly kind: "link" }
  /** An agent during a run. */
  | { readonly kind: "agent"; readonly agentKey: string; readonly runId: string }
  /** A background job, by the name of its handler. */
  | { readonly kind: "job"; readonly name: string }
  /** A connector of a chat platform, by the name of its instance. */
  | { readonly kind: "channel"; readonly name: string };

export interface ActorDescription {
  /** The type of the actor in the activity log. */
  readonly type: "api_key" | "device" | "agent" | "channel" | "system";
  /** Empty if the actor has no name of its own. */
  readonly id: string;
}

/** Describes an actor for the activity log. */
export function describeActor(actor: Actor): ActorDescription {
  switch (actor.kind) {
    case "gateway":
    case "anonymous":
    case "link":
      return { type: "system", id: "" };
    case "api_key":
      return { type: "api_key", id: "" };
    case "device":
      return { type: "device", id: actor.shortId };
    case "agent":
      return { type: "agent", id: actor.agentKey };
    case "job":
      return { type: "system", id: `job:${actor.name}` };
    case "channel":
      return { type: "channel", id: actor.name };
  }
}
