import { z } from "zod";
import { LIMITS } from "#base/limits.ts";

/**
 * Converts an id that people chose, of a user or a session, to the form that is stored and compared. Two spellings of
 * one name are then one id.
 */
export const toIdentity = (text: string): string => text.normalize("NFC");

/** An id of a user or a session that a request looks for. */
export const Identity = z.string().normalize("NFC");

/** Joiners are visible between letters of some scripts and within emoji. Next to ASCII, they would hide. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]|(?!(?<=\P{ASCII})[\u200c\u200d](?=\P{ASCII}))\p{Cf}/u;

/** Returns true for 1 to `maxBytes` bytes of UTF-8, without control or invisible formatting characters. */
export const isPlainText = (text: string, maxBytes: number): boolean =>
  text.length > 0 && Buffer.byteLength(text) <= maxBytes && !INVISIBLE.test(text);

export const isUserId = (text: string): boolean => isPlainText(text, LIMITS.userIdBytes);

/**
 * The id of a user. The limit is in bytes, and no text has more characters than bytes, so the document states it in
 * characters.
 */
export const UserId = Identity.refine(isUserId)
  .meta({ minLength: 1, maxLength: LIMITS.userIdBytes })
  .describe(`At most ${LIMITS.userIdBytes} bytes, no control characters`);
