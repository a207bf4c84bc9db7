import { AppError, invalidField } from "#base/errors.ts";
import { isUserId } from "#core/authenticate.ts";
import type { Context } from "#core/context.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import { OnBusy } from "#runtime/runs/index.ts";

/** Whose session a run belongs to. */
export interface RunUser {
  readonly id: string;
  /** False when nobody was named and the id only stands in. */
  readonly isKnown: boolean;
}

/**
 * The user that a body names scopes session and limits of the run, not the caller's rights. A key bound to a user acts
 * as that user whatever the body says.
 */
export function runUser({ actor, userId, isUserKnown }: Context, asked: string | undefined, field = "user"): RunUser {
  const isBound = actor.kind === "api_key" && actor.isBound;
  if (asked === undefined || isBound) return { id: userId, isKnown: isUserKnown };
  if (!isUserId(asked)) throw invalidField(field, "1-255 bytes");
  return { id: asked, isKnown: true };
}

const MAX_KEY_BYTES = 512;

/** A session key as callers may choose it: printable, without white space, at most 512 bytes. */
export function requireSessionKey(key: string): string {
  if (/^[^\s\p{Cc}\p{Cf}]+$/u.test(key) && Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  throw new AppError(
    "INVALID_REQUEST",
    "error.invalid_field",
    { field: "session_key", detail: `1-${MAX_KEY_BYTES} bytes` },
    { field: "session_key" },
  );
}

/** What the agent says about messages to a busy session, if it says anything that we know. */
export function readOnBusy({ settings }: StoredAgent): OnBusy | undefined {
  const { other_config: other } = settings;
  return OnBusy.safeParse(other?.on_busy).data;
}
