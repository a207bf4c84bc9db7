import { EgressError } from "#base/egress/egress-error.ts";

/** Why a place cannot be reached, in a few words. What was aborted is what nobody answered within our own limit. */
export function toReason(thrown: unknown, limitMs: number): string {
  const kind = thrown instanceof EgressError ? thrown.kind : "network";
  return kind === "aborted" ? `no answer within ${limitMs / 1_000} s` : kind;
}
