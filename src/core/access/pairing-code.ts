import { randomInt } from "node:crypto";

/** Letters and digits that nobody takes for one another. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 8;

/** Returns a new code that people pass on by hand. A code is no credential: only administrators can use it. */
export const newPairingCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

/** Returns a code as it is stored, from the way in which somebody wrote it. */
export const toPairingCode = (written: string): string => written.replaceAll(/[\s-]/g, "").toUpperCase();
