import { createHmac, timingSafeEqual } from "node:crypto";
import { type Clock, MINUTE, SECOND } from "#base/clock.ts";
import type { Secret } from "#base/secret.ts";

/** How far the time of a signature may be from ours, in milliseconds. */
const SIGNATURE_WINDOW = 5 * MINUTE;

export const SIGNATURE_HEADERS = {
  /** Seconds since 1970. */
  timestamp: "x-goclaw-timestamp",
  /** `v1=` and the HMAC-SHA256 of `<timestamp>.<body>` in hex. */
  signature: "x-goclaw-signature",
} as const;

/** Returns the headers that sign a body now. */
export function signBody(body: string, secret: Secret, now: Date): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / SECOND));
  const signature = `v1=${digest(timestamp, Buffer.from(body), secret).toString("hex")}`;
  return { [SIGNATURE_HEADERS.timestamp]: timestamp, [SIGNATURE_HEADERS.signature]: signature };
}

export interface SignedBody {
  readonly body: Uint8Array;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** Returns whether a body was signed with the secret within `SIGNATURE_WINDOW`. Compares in constant time. */
export function isSigned({ body, timestamp, signature }: SignedBody, secret: Secret, clock: Clock): boolean {
  if (secret.isEmpty || !timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
  const age = Math.abs(clock.now().getTime() - Number(timestamp) * SECOND);
  const [, hex] = /^v1=([0-9a-f]{64})$/i.exec(signature ?? "") ?? [];
  if (hex === undefined || age > SIGNATURE_WINDOW) return false;
  return timingSafeEqual(Buffer.from(hex, "hex"), digest(timestamp, body, secret));
}

const digest = (timestamp: string, body: Uint8Array, secret: Secret) =>
  createHmac("sha256", secret.reveal()).update(`${timestamp}.`).update(body).digest();
