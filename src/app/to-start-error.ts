import type { Config } from "#app/config/schema.ts";
import { StartError } from "#app/start-error.ts";
import { AppError } from "#base/errors.ts";
import { codeOf } from "#db/errors.ts";
import { NewerDatabaseError } from "#db/migrate.ts";

/** A failed start as one sentence that says what to do, where we know it; else the failure as it is. */
export function toStartError(thrown: unknown, { database }: Config): unknown {
  if (thrown instanceof NewerDatabaseError) {
    return new StartError(
      "The database was made by a newer GoClaw: start that version, or use another database (DATABASE_URL or GOCLAW_HOME).",
      { cause: thrown },
    );
  }
  if (thrown instanceof AppError && thrown.code === "UNAVAILABLE") {
    const name = database.url ? "Postgres" : "the database file";
    return new StartError(`The gateway cannot use ${name}: check DATABASE_URL, that the server runs, and free space.`, {
      cause: thrown,
    });
  }
  if (/^(28|3D)/.test(codeOf(thrown))) {
    return new StartError("Postgres refused the connection: check user, password and database name in DATABASE_URL.", {
      cause: thrown,
    });
  }
  return thrown;
}
