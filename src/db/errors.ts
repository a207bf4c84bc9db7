import { AppError } from "#base/errors.ts";

const SQLITE_UNIQUE = new Set(["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"]);
const POSTGRES_UNIQUE = "23505";

/** Returns true if a write failed because a row with the same unique value exists. */
export const isUniqueViolation = (thrown: unknown): boolean => {
  const code = codeOf(thrown);
  return code === POSTGRES_UNIQUE || SQLITE_UNIQUE.has(code);
};

const FOREIGN_KEY = new Set(["SQLITE_CONSTRAINT_FOREIGNKEY", "23503"]);

/** Returns true if a write failed because the row that it refers to does not exist. */
export const isForeignKeyViolation = (thrown: unknown): boolean => FOREIGN_KEY.has(codeOf(thrown));

const CONFLICTS = new Set(["40001", "40P01"]);

/** Returns true if Postgres aborted the transaction because of a serialization failure or a deadlock. */
export const isTransactionConflict = (thrown: unknown): boolean => CONFLICTS.has(faultCodeOf(thrown));

const FAULT = "database";
const DAMAGED = "error.database_damaged";

/** The database cannot do its work now. It may do so in a moment. */
export const databaseUnavailable = (cause: unknown) =>
  new AppError("UNAVAILABLE", "error.database_unavailable", {}, { cause, reason: FAULT });

/** The database has found that its own data is damaged. */
export const databaseDamaged = (cause: unknown) => new AppError("UNAVAILABLE", DAMAGED, {}, { cause, reason: FAULT });

/** The file of the database was moved, deleted or replaced while it was open. */
export const databaseReplaced = (cause: unknown) =>
  new AppError("UNAVAILABLE", "error.database_replaced", {}, { cause, reason: FAULT });

/** Returns true if the database failed, and not the caller or its query, and may work again. Damage does not pass. */
export const isDatabaseFault = (thrown: unknown): boolean =>
  thrown instanceof AppError &&
  thrown.code === "UNAVAILABLE" &&
  thrown.options.reason === FAULT &&
  thrown.key !== DAMAGED;

/** Returns the database's own code for a failure, also after its conversion to an `AppError`. */
export const faultCodeOf = (thrown: unknown): string => codeOf(thrown instanceof AppError ? thrown.cause : thrown);

export function codeOf(thrown: unknown): string {
  if (thrown === null || typeof thrown !== "object" || !("code" in thrown)) return "";
  return String(thrown.code);
}
