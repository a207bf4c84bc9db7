import { AppError, invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { isPlainText, isUserId, toIdentity } from "#core/access/identity.ts";
import type { Context } from "#core/context.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import { OnBusy } from "#runtime/runs/index.ts";

/** The user who owns the session of a run. */
export interface RunUser {
  readonly id: string;
  /** False if the request names no user. The id is then a placeholder. */
  readonly isKnown: boolean;
}

/**
 * Returns the user of a run. The user in a request body owns the session and its limits, but does not change the
 * caller's rights. A key that is bound to a user ignores the body. Throws 400 if the user id is invalid.
 */
export function runUser(
  { actor, userId, isUserKnown }: Context,
  requested: string | undefined,
  field = "user",
): RunUser {
  const isBound = actor.kind === "api_key" && actor.isBound;
  if (requested === undefined || isBound) return { id: userId, isKnown: isUserKnown };
  const id = toIdentity(requested);
  if (!isUserId(id)) throw invalidField(field, `1-${LIMITS.userIdBytes} bytes`);
  return { id, isKnown: true };
}

/**
 * Returns a caller's session key as it is stored. Throws 400 unless it is one printable line within
 * `LIMITS.sessionKeyBytes`.
 */
export function requireSessionKey(written: string): string {
  const key = toIdentity(written);
  if (isPlainText(key, LIMITS.sessionKeyBytes)) return key;
  throw new AppError(
    "INVALID_REQUEST",
    "error.invalid_field",
    { field: "session_key", detail: `1-${LIMITS.sessionKeyBytes} bytes` },
    { field: "session_key" },
  );
}

/** Returns the agent's setting for messages to a busy session, or undefined if it is absent or unknown. */
export function readOnBusy({ settings }: StoredAgent): OnBusy | undefined {
  const { other_config: other } = settings;
  return OnBusy.safeParse(other?.on_busy).data;
}
