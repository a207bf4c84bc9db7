import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { codeOf, databaseDamaged, databaseUnavailable, faultCodeOf } from "#db/errors.ts";

// https://www.sqlite.org/rescode.html. Extended codes begin with these names.
const UNAVAILABLE = /^SQLITE_(?:BUSY|CANTOPEN|FULL|IOERR|LOCKED|NOMEM|PERM|PROTOCOL|READONLY)/;
const DAMAGED = /^SQLITE_(?:CORRUPT|NOTADB)/;
/** SQLite names no reason in its code when a part of the schema is missing or cannot be read. */
const LOST_SCHEMA =
  /no such (?:table|column|module)|has no column named|malformed database schema|vtable constructor failed/;
const LOCKED = /^SQLITE_(?:BUSY|LOCKED)/;

/** Converts failures of the database itself to `UNAVAILABLE`. Returns all others unchanged. */
export function toSqliteError(thrown: unknown): unknown {
  if (UNAVAILABLE.test(codeOf(thrown))) return databaseUnavailable(thrown);
  return DAMAGED.test(codeOf(thrown)) || hasLostSchema(thrown) ? databaseDamaged(thrown) : thrown;
}

/** The statements of the gateway fit its schema, so what they do not find was taken away. */
const hasLostSchema = (thrown: unknown): boolean =>
  thrown instanceof Error && codeOf(thrown) === "SQLITE_ERROR" && LOST_SCHEMA.test(thrown.message);

/** Runs a call of SQLite, and converts what it throws. */
export function withSqliteErrors<Value>(call: () => Value): Value {
  try {
    return call();
  } catch (thrown) {
    throw toSqliteError(thrown);
  }
}

/** Returns true if the failure concerns the whole transaction, and not one unit of it. */
export const isUnavailable = (thrown: unknown): boolean =>
  thrown instanceof AppError && UNAVAILABLE.test(faultCodeOf(thrown));

const LOCK_PAUSE_MS = 10;

/** Runs a call of SQLite again while another program holds a lock. SQLite's own wait would block the event loop. */
export async function untilUnlocked<Value>(call: () => Value): Promise<Value> {
  const deadline = performance.now() + LIMITS.databaseLockWait;
  for (;;) {
    try {
      return withSqliteErrors(call);
    } catch (thrown) {
      if (!LOCKED.test(faultCodeOf(thrown)) || performance.now() > deadline) throw thrown;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}
