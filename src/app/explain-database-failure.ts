import { nameOfPostgres, parsePostgresUrl } from "#app/config/postgres-url.ts";
import type { Secret } from "#base/secret.ts";
import { codeOf } from "#db/errors.ts";

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) or the system's code. */
const POSTGRES_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; check that the server runs, and host and port in DATABASE_URL",
  ENOTFOUND: "the host name cannot be resolved; check it in DATABASE_URL",
  EAI_AGAIN: "the host name cannot be resolved now; check that this machine can resolve names",
  ENOENT: "there is no such socket; check that the server runs, and the directory in DATABASE_URL",
  "28000": "it does not let this user in; check the user in DATABASE_URL, and pg_hba.conf of the server",
  "28P01": "it refuses this user and password; correct them in DATABASE_URL",
  "3D000": "it has no database of this name; create it, or correct the name in DATABASE_URL",
  "42501": "this user may not make tables there; grant it the right to, or name another user in DATABASE_URL",
  "53300": "it has no connection left; end some, or lower database.pool_size",
  "57P03": "it is starting or stopping; try again in a moment",
  "25006": "it is read-only; name the server that takes writes in DATABASE_URL",
};
const POSTGRES_ELSE = "check that it answers from here, that it has free space, and DATABASE_URL";

/** Why a Postgres cannot be used, in one sentence without the password; undefined for failures that nobody expects. */
export function explainPostgresFailure(cause: unknown, url: Secret, isUnavailable: boolean): string | undefined {
  const code = codeOf(cause);
  const reason = POSTGRES_REASONS[code] ?? (isUnavailable ? POSTGRES_ELSE : undefined);
  if (reason === undefined) return undefined;
  const parsed = parsePostgresUrl(url.reveal());
  const place = parsed ? ` at ${nameOfPostgres(parsed)}` : "";
  return `The gateway cannot use Postgres${place}${inBrackets(code)}: ${reason}.`;
}

/** By the beginning of the code (https://www.sqlite.org/rescode.html); the first that fits. */
const SQLITE_REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^SQLITE_(NOTADB|CORRUPT)/, "it is damaged; restore a backup of it, or move it away to begin with an empty one"],
  [/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/, "make it and its directory writable for this user"],
  [/^SQLITE_(FULL|IOERR)/, "check that its disk works and has free space"],
  [/^SQLITE_(BUSY|LOCKED)/, "another program holds it; end that one"],
];
const SQLITE_ELSE = "check that its disk works and has free space";

/** Why the built-in database cannot be used, in one sentence; undefined for failures that nobody expects. */
export function explainSqliteFailure(cause: unknown, isUnavailable: boolean): string | undefined {
  const code = codeOf(cause);
  const known = SQLITE_REASONS.find(([pattern]) => pattern.test(code))?.[1];
  const reason = known ?? (isUnavailable ? SQLITE_ELSE : undefined);
  return reason && `The gateway cannot use goclaw.db in its home directory${inBrackets(code)}: ${reason}.`;
}

const inBrackets = (code: string): string => (code === "" ? "" : ` (${code})`);
