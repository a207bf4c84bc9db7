import { createHash } from "node:crypto";
import { randomHex } from "#base/random-hex.ts";
import type { LoginProof } from "#core/access/authenticate.ts";

const BYTES = { cookie: 32, code: 16 } as const;

/** Creates the secret of a login or a link. It is stored as a hash, and shown to its browser alone. */
export const newSecret = (kind: LoginProof["kind"]): string => randomHex(BYTES[kind]);

/** Returns the SHA-256 hash of a secret in hex, or undefined for text that is none. */
export function hashSecret({ kind, text }: LoginProof): string | undefined {
  const isSecret = text.length === BYTES[kind] * 2 && /^[0-9a-f]+$/.test(text);
  return isSecret ? createHash("sha256").update(text).digest("hex") : undefined;
}
