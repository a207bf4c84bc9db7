import { statSync } from "node:fs";

/** Names the file itself, whatever path leads to it. */
export const toIdentity = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;

/** Returns the identity of the file at a path. Throws if there is none. */
export const identityOf = (path: string): string => toIdentity(statSync(path));
