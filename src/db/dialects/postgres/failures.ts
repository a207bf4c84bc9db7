import { codeOf, databaseDamaged, databaseUnavailable } from "#db/errors.ts";

// Connection exceptions (08), operator intervention (57P), too many connections (53), read-only after a failover
// (25006). https://www.postgresql.org/docs/current/errcodes-appendix.html
const LOST_STATES = [/^08/, /^57P/, /^53/, /^25006$/, /^E[A-Z]+$/, /^CONNECTION_/];
const LOST_MESSAGES = [
  "timeout exceeded when trying to connect",
  "Query read timeout",
  "Connection terminated",
  "Client has encountered",
];
// Conflicts between transactions (40001, 40P01), a lock that was not free (55P03), and a statement that was ended (57014).
// Failures of the server's own system begin with 58. A refused login (28) or a missing database (3D000) concerns the
// connection.
const PASSING_STATES = /^(?:40001|40P01|55P03|57014|58...|28...|3D000)$/;
// Damage that the server found (XX). The statements of the gateway fit its schema. A table, column, function or schema
// that they cannot find or use was taken away.
const DAMAGED_STATES = /^(?:XX...|42P01|42703|42883|3F000|42501)$/;

/** Returns true if the connection must not serve another caller. */
export function isConnectionLoss(thrown: unknown): boolean {
  const message = thrown instanceof Error ? thrown.message : "";
  return (
    LOST_STATES.some((pattern) => pattern.test(codeOf(thrown))) || LOST_MESSAGES.some((text) => message.includes(text))
  );
}

/** Converts failures of the database itself to `UNAVAILABLE`. Returns all others unchanged. */
export function toPostgresError(thrown: unknown): unknown {
  if (isConnectionLoss(thrown) || PASSING_STATES.test(codeOf(thrown))) return databaseUnavailable(thrown);
  return DAMAGED_STATES.test(codeOf(thrown)) ? databaseDamaged(thrown) : thrown;
}

/** Returns true if the server itself reported the failure, so it can be reached. Names of system errors begin with E. */
export const isServerAnswer = (thrown: unknown): boolean => /^(?!E)[0-9A-Z]{5}$/.test(codeOf(thrown));
