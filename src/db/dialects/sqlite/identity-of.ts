import { statSync } from "node:fs";

/** The file of an open database. */
export interface DatabaseFile {
  readonly path: string;
  /** The file that the path led to when it was opened. */
  readonly identity: string;
}

/** Names the file itself, whatever path leads to it. */
export const toIdentity = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;

/** Returns the identity of the file at a path. Throws if there is none. */
export const identityOf = (path: string): string => toIdentity(statSync(path));
