import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { Secret } from "#base/secret.ts";

/** The location of a ciphertext, used as its associated data. A ciphertext cannot be opened at another location. */
export interface SecretPlace {
  readonly table: string;
  readonly column: string;
  readonly row: string;
  readonly tenant: string;
}

const PREFIX = "aes-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets for storage with AES-256-GCM (NIST SP 800-38D).
 * The format is `aes-gcm:<key id>:` followed by the base64 of nonce, ciphertext and tag.
 * The first key encrypts. The other keys only decrypt, which allows key rotation.
 */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #currentId: string;

  constructor(keys: readonly [Secret, ...Secret[]]) {
    const parsed = keys.map((key) => parseEncryptionKey(key.reveal()));
    this.#keys = new Map(parsed.map((key) => [keyId(key), key]));
    this.#currentId = keyId(parsed[0] as Buffer);
  }

  /** Encrypts a secret for its place. Empty text stays empty. */
  seal(secret: Secret, place: SecretPlace): string {
    if (secret.isEmpty) return "";
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#keys.get(this.#currentId) as Buffer, nonce);
    cipher.setAAD(associatedData(place));
    const body = Buffer.concat([nonce, cipher.update(secret.reveal(), "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${PREFIX}:${this.#currentId}:${body.toString("base64")}`;
  }

  /** Returns whether text was sealed with a key that is not among the keys of this box. */
  lacksKeyOf(sealed: string): boolean {
    const [prefix, id = ""] = sealed.split(":", 2);
    return prefix === PREFIX && !this.#keys.has(id);
  }

  /** Decrypts sealed text. Throws if it was never sealed, was moved from its place, or needs a missing key. */
  open(sealed: string, place: SecretPlace): Secret {
    if (sealed === "") return new Secret("");
    const [prefix, id = "", encoded = ""] = sealed.split(":");
    const key = this.#keys.get(id);
    if (prefix !== PREFIX) throw new Error(`${place.table}.${place.column} does not hold an encrypted value`);
    if (!key) throw new Error(`${place.table}.${place.column} was encrypted with a key that is not configured (${id})`);
    const body = Buffer.from(encoded, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, NONCE_BYTES));
    decipher.setAAD(associatedData(place));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return new Secret(text.toString("utf8"));
  }
}

const associatedData = ({ table, column, row, tenant }: SecretPlace) =>
  Buffer.from([table, column, row, tenant].join("|"), "utf8");

const keyId = (key: Buffer) => createHash("sha256").update(key).digest("hex").slice(0, 8);

/** Parses a key of 64 hex characters, 44 characters of base64, or exactly 32 bytes of text. Throws on other text. */
export function parseEncryptionKey(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return Buffer.from(text, "base64");
  const raw = Buffer.from(text, "utf8");
  if (raw.length === 32) return raw;
  throw new Error("an encryption key is 64 hex characters, 44 characters of base64, or 32 bytes of text");
}
