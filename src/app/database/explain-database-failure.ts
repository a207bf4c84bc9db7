import { nameOfPostgres, parsePostgresUrl } from "#app/config/postgres-url.ts";
import type { Secret } from "#base/secret.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { codeOf } from "#db/errors.ts";

const UNTRUSTED =
  "its certificate is of nobody trusted here; name the file with the certificate of its authority as sslrootcert in DATABASE_URL";
const NOT_PEM =
  "the files of sslrootcert, sslcert and sslkey in DATABASE_URL must be certificates and a key in PEM format";

/** Reasons by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) or by the system's code. */
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
  "55P03": "another program holds its tables; end what uses this database, or try again later",
  "57014": "it ended a statement that took too long; try again when it has less to do",
  "25006": "it is read-only; name the server that takes writes in DATABASE_URL",
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: "its certificate has expired; renew it on the server",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host; use the name in DATABASE_URL that it is for",
  ERR_OSSL_PEM_NO_START_LINE: NOT_PEM,
  ERR_BORINGSSL: NOT_PEM,
};
const UNREADABLE_FILE = "a file of sslrootcert, sslcert or sslkey in DATABASE_URL cannot be read; correct its path";

/** Reasons by a part of the message, for the errors of `pg` itself, which have no code. */
const UNCODED_POSTGRES_REASONS: readonly (readonly [message: string, reason: string])[] = [
  ["does not support SSL", "it takes no encrypted connections; set up TLS there, or take sslmode out of DATABASE_URL"],
  ["client password must be", "it asks for a password; put that of the user into DATABASE_URL"],
];
/** How PgBouncer and Postgres name a parameter of the connection that they do not take. */
const REFUSED_PARAMETER = /^(?:unsupported startup parameter|unrecognized configuration parameter)/;
const POSTGRES_ELSE = "check that it answers from here, that it has free space, and DATABASE_URL";

/**
 * Explains in one sentence why Postgres cannot be used. The sentence contains no user and no password.
 * Returns undefined for unexpected failures.
 */
export function explainPostgresFailure(cause: unknown, url: Secret, isUnavailable: boolean): string | undefined {
  const code = codeOf(cause);
  const reason = findPostgresReason(cause) ?? (isUnavailable ? POSTGRES_ELSE : undefined);
  if (reason === undefined) return undefined;
  const parsed = parsePostgresUrl(url.reveal());
  const place = parsed ? ` at ${nameOfPostgres(parsed)}` : "";
  return `The gateway cannot use Postgres${place}${inBrackets(code)}: ${reason}.`;
}

function findPostgresReason(cause: unknown): string | undefined {
  const code = codeOf(cause);
  if (cause instanceof Error && REFUSED_PARAMETER.test(cause.message)) {
    return `it refuses a parameter of the connection (${JSON.stringify(headOf(cause.message, 200))}); take it out of DATABASE_URL`;
  }
  if (code === "" && cause instanceof Error) {
    return UNCODED_POSTGRES_REASONS.find(([message]) => cause.message.includes(message))?.[1];
  }
  return isFileFailure(cause) ? UNREADABLE_FILE : POSTGRES_REASONS[code];
}

/** Returns whether reading a file failed. The code alone does not tell, because socket failures have the same codes. */
function isFileFailure(cause: unknown): boolean {
  const isOpenCall = cause instanceof Error && "syscall" in cause && cause.syscall === "open";
  return isOpenCall || codeOf(cause) === "EISDIR";
}

/** Reasons by the beginning of the code (https://www.sqlite.org/rescode.html). The first match counts. */
const SQLITE_REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^SQLITE_(NOTADB|CORRUPT)/, "it is damaged; restore a backup of it, or move it away to begin with an empty one"],
  [/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/, "make it and its directory writable for this user"],
  [/^SQLITE_(FULL|IOERR)/, "check that its disk works and has free space"],
  [/^SQLITE_(BUSY|LOCKED)/, "another program holds it; end that one"],
];
const SQLITE_ELSE = "check that its disk works and has free space";

/** Explains in one sentence why the built-in database cannot be used. Returns undefined for unexpected failures. */
export function explainSqliteFailure(cause: unknown, isUnavailable: boolean): string | undefined {
  const code = codeOf(cause);
  const known = SQLITE_REASONS.find(([pattern]) => pattern.test(code))?.[1];
  const reason = known ?? (isUnavailable ? SQLITE_ELSE : undefined);
  return reason && `The gateway cannot use goclaw.db in its home directory${inBrackets(code)}: ${reason}.`;
}

const inBrackets = (code: string): string => (code === "" ? "" : ` (${code})`);
