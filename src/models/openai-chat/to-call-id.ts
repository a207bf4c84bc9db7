import { createHash } from "node:crypto";
import type { Quirks } from "#models/quirks/quirks.ts";

const MAX_LENGTH = 40;
const NINE_ALPHANUMERICS = /^[a-zA-Z0-9]{9}$/;

/**
 * Converts a call id into one that the provider accepts. The result is deterministic, so a call and its result always
 * match.
 */
export function toCallId(id: string, style: Quirks["callIds"]): string {
  if (style === "nine_alphanumerics") return NINE_ALPHANUMERICS.test(id) ? id : hashOf(id).slice(0, 9);
  if (id.length > 0 && id.length <= MAX_LENGTH) return id;
  return `call_${hashOf(id)}`.slice(0, MAX_LENGTH);
}

const hashOf = (id: string): string => createHash("sha256").update(id).digest("hex");
