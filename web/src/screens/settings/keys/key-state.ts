import type { OutputOf } from "#client/index.ts";

export type ApiKey = OutputOf<"api_keys.list">[number];
export type KeyState = "active" | "revoked" | "expired";

/** The tenant of keys that act in every one. */
const SYSTEM = "00000000-0000-0000-0000-000000000000";

export const isOfSystem = ({ tenant_id }: Pick<ApiKey, "tenant_id">): boolean => tenant_id === SYSTEM;

/** Returns whether a key still works. A revoked one that has ended as well is revoked. */
export function stateOfKey({ revoked, expires_at }: ApiKey, now = Date.now()): KeyState {
  if (revoked) return "revoked";
  return expires_at !== null && Date.parse(expires_at) <= now ? "expired" : "active";
}
