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

/** Returns true if Postgres aborted the transaction because of a serialization failure or a deadlock. */
export const isTransactionConflict = (thrown: unknown): boolean => ["40001", "40P01"].includes(codeOf(thrown));

export const databaseUnavailable = (cause: unknown) =>
  new AppError("UNAVAILABLE", "error.database_unavailable", {}, { cause, reason: "database" });

export function codeOf(thrown: unknown): string {
  if (thrown === null || typeof thrown !== "object" || !("code" in thrown)) return "";
  return String(thrown.code);
}
