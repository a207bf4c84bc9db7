import { AppError } from "#base/errors.ts";

const SQLITE_UNIQUE = new Set(["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"]);
const POSTGRES_UNIQUE = "23505";

/** Whether a write failed because a row with the same unique value exists. */
export const isUniqueViolation = (thrown: unknown): boolean => {
  const code = codeOf(thrown);
  return code === POSTGRES_UNIQUE || SQLITE_UNIQUE.has(code);
};

const FOREIGN_KEY = new Set(["SQLITE_CONSTRAINT_FOREIGNKEY", "23503"]);

/** Whether a write failed because a row that it belongs to is gone. */
export const isForeignKeyViolation = (thrown: unknown): boolean => FOREIGN_KEY.has(codeOf(thrown));

/** Postgres aborted the transaction because of another one: serialization failure or deadlock. */
export const isTransactionConflict = (thrown: unknown): boolean => ["40001", "40P01"].includes(codeOf(thrown));

export const databaseUnavailable = (cause: unknown) =>
  new AppError("UNAVAILABLE", "error.database_unavailable", {}, { cause, reason: "database" });

export function codeOf(thrown: unknown): string {
  if (thrown === null || typeof thrown !== "object" || !("code" in thrown)) return "";
  return String(thrown.code);
}
