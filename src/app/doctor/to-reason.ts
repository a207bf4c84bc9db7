import { EgressError } from "#base/egress/egress-error.ts";

/** Returns in a few words why a target cannot be reached. An abort means that our own time limit ended the request. */
export function toReason(thrown: unknown, limitMs: number): string {
  const kind = thrown instanceof EgressError ? thrown.kind : "network";
  return kind === "aborted" ? `no answer within ${limitMs / 1_000} s` : kind;
}
