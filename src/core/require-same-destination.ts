import { AppError } from "#base/errors.ts";

/** The request fields that determine where the credentials of a row are sent, with their values. */
export type Destination = Readonly<Record<string, string>>;

export interface StoredCredentials {
  /** The request fields of the credentials that stay as they are stored. */
  readonly kept: readonly string[];
  readonly before: Destination;
  readonly after: Destination;
}

/**
 * Throws 400 if a stored credential would be sent to another place than the one that it was entered for. Otherwise
 * whoever may change an address could read the credential there. The error names the credential to send again.
 */
export function requireSameDestination({ kept: [credential], before, after }: StoredCredentials): void {
  if (credential === undefined) return;
  const changed = Object.keys(after).find((field) => before[field] !== after[field]);
  if (changed === undefined) return;
  throw new AppError(
    "INVALID_REQUEST",
    "error.key_needed_again",
    { changed, credential },
    { field: credential, reason: "key_needed_again" },
  );
}
