/** The limits of a connection in milliseconds, by the names of Postgres' own settings. 0 means none. */
export interface ConnectionLimits {
  readonly statement_timeout: number;
  readonly lock_timeout: number;
  readonly idle_in_transaction_session_timeout: number;
}

const DEFAULTS: ConnectionLimits = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
};

/** Building an index on many rows, or waiting for another gateway that does, can take minutes. */
export const NO_LIMITS: ConnectionLimits = {
  statement_timeout: 0,
  lock_timeout: 0,
  idle_in_transaction_session_timeout: 0,
};

/**
 * Takes the limits out of a connection URL. The driver would send them as the session begins, which poolers refuse.
 * Returns the rest of the URL, and the limits with defaults.
 */
export function takeLimits(url: string): { readonly url: string; readonly limits: ConnectionLimits } {
  const [address = "", ...rest] = url.split("?");
  const parameters = new URLSearchParams(rest.join("?"));
  const take = (name: keyof ConnectionLimits): number => {
    const milliseconds = Number(parameters.get(name) ?? Number.NaN);
    return Number.isSafeInteger(milliseconds) && milliseconds >= 0 ? milliseconds : DEFAULTS[name];
  };
  const limits = {
    statement_timeout: take("statement_timeout"),
    lock_timeout: take("lock_timeout"),
    idle_in_transaction_session_timeout: take("idle_in_transaction_session_timeout"),
  };
  const names = Object.keys(limits).filter((name) => parameters.has(name));
  if (names.length === 0) return { url, limits };
  for (const name of names) parameters.delete(name);
  return { url: `${address}?${parameters}`, limits };
}

/** Begins a transaction with its limits in one round trip. They end with it, as poolers share sessions. */
export const toBegin = (limits: ConnectionLimits): string =>
  ["begin", ...Object.entries(limits).map(([name, value]) => `set local ${name} = ${value}`)].join("; ");
