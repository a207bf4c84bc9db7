import { createHash, randomUUID } from "node:crypto";
import { isUuid } from "#base/ids.ts";

const SHORT_LENGTH = 8;
const SHORT = /^([0-9a-f]{8})(?:…|\.\.\.)?$/;

/** The id of a browser. Whoever has it is the browser, once it is approved, so it is stored as a hash. */
export interface SenderId {
  readonly text: string;
  /** SHA-256 in hex. */
  readonly hash: string;
  readonly shortId: string;
}

/** Creates an id with 122 random bits. Clients never choose one, because theirs could be guessed. */
export const newSenderId = (): SenderId => toSenderId(randomUUID());

/** Returns the parts of an id, or undefined for text that is none. */
export function parseSenderId(written: string): SenderId | undefined {
  const text = written.trim().toLowerCase();
  return isUuid(text) ? toSenderId(text) : undefined;
}

const toSenderId = (text: string): SenderId => ({
  text,
  hash: createHash("sha256").update(text).digest("hex"),
  shortId: text.slice(0, SHORT_LENGTH),
});

/** Returns how lists, events and the activity log show the id of a browser. */
export const maskSenderId = (shortId: string): string => `${shortId}…`;

/** Returns the short id in a masked id, or undefined for any other text. */
export const parseMaskedId = (written: string): string | undefined => SHORT.exec(written.trim().toLowerCase())?.[1];
