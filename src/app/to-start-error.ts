import type { Config } from "#app/config/schema.ts";
import { explainPostgresFailure, explainSqliteFailure } from "#app/database/explain-database-failure.ts";
import { StartError } from "#app/start-error.ts";
import { AppError } from "#base/errors.ts";
import { NodeInUseError } from "#core/nodes/node-registration.ts";
import { NewerDatabaseError } from "#db/migrate.ts";

/** Converts a failed start to a `StartError` that says what to do. Returns unexpected failures unchanged. */
export function toStartError(thrown: unknown, { database }: Config): unknown {
  if (thrown instanceof StartError) return thrown;
  if (thrown instanceof NewerDatabaseError) {
    return new StartError(
      "The database was made by a newer GoClaw: start that version, or use another database (DATABASE_URL or GOCLAW_HOME).",
      { cause: thrown },
    );
  }
  if (thrown instanceof NodeInUseError) {
    return new StartError(
      "Another gateway with the same node-id uses this database: its home is a copy. Delete the file node-id in the home of one of them, and a new one is made.",
      { cause: thrown },
    );
  }
  const isUnavailable = thrown instanceof AppError && thrown.code === "UNAVAILABLE";
  const cause = isUnavailable ? thrown.cause : thrown;
  const sentence = database.url
    ? explainPostgresFailure(cause, database.url, isUnavailable)
    : explainSqliteFailure(cause, isUnavailable);
  return sentence === undefined ? thrown : new StartError(sentence, { cause: thrown });
}
