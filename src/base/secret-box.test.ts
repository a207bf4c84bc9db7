import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { createLogger } from "#base/logger.ts";
import { randomHex } from "#base/random-hex.ts";
import { Secret } from "#base/secret.ts";
import { parseEncryptionKey, SecretBox } from "#base/secret-box.ts";

const PLACE = { table: "llm_providers", column: "api_key", row: "r1", tenant: "t1" };
const aKey = () => new Secret(randomHex(32));

describe("a secret", () => {
  test("shows its text only through reveal()", () => {
    const secret = new Secret("sk-very-secret");
    const shown = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret }), inspect([secret])];
    expect(shown.filter((text) => text.includes("very") || !text.includes("***"))).toEqual([]);
    expect(secret.reveal()).toBe("sk-very-secret");
    expect(() => createLogger("silent").info({ secret }, "x")).not.toThrow();
  });
});

describe("the secret box", () => {
  test("opens a sealed secret only at the place it was sealed for", () => {
    const box = new SecretBox([aKey()]);
    const sealed = box.seal(new Secret("sk-1"), PLACE);
    expect(sealed).toStartWith("aes-gcm:");
    expect(sealed).not.toContain("sk-1");
    expect(box.open(sealed, PLACE).reveal()).toBe("sk-1");
    for (const part of ["table", "column", "row", "tenant"] as const) {
      expect(() => box.open(sealed, { ...PLACE, [part]: "other" })).toThrow();
    }
  });

  test("seals equal secrets differently, and leaves empty ones empty", () => {
    const box = new SecretBox([aKey()]);
    expect(box.seal(new Secret("a"), PLACE)).not.toBe(box.seal(new Secret("a"), PLACE));
    expect(box.seal(new Secret(""), PLACE)).toBe("");
    expect(box.open("", PLACE).isEmpty).toBe(true);
  });

  test("after a rotation the new key seals and the old one still opens", () => {
    const [old, next] = [aKey(), aKey()];
    const before = new SecretBox([old]).seal(new Secret("a"), PLACE);
    const rotated = new SecretBox([next, old]);
    expect(rotated.open(before, PLACE).reveal()).toBe("a");
    expect(new SecretBox([next]).open(rotated.seal(new Secret("b"), PLACE), PLACE).reveal()).toBe("b");
    expect(() => new SecretBox([next]).open(before, PLACE)).toThrow("not configured");
  });

  test("opens what earlier versions sealed", () => {
    const sealed = "aes-gcm:9a2db2e2:AAECAwQFBgcICQoLUzArNStnEcd2EWPK1ktauUcP1Hobw2w=";
    const box = new SecretBox([new Secret("ab".repeat(32))]);
    expect(box.open(sealed, PLACE).reveal()).toBe("sk-kept");
    expect(box.seal(new Secret("sk-kept"), PLACE)).toHaveLength(sealed.length);
  });

  test("refuses text that was tampered with, truncated or never sealed", () => {
    const box = new SecretBox([aKey()]);
    const sealed = box.seal(new Secret("a"), PLACE);
    const tampered = `${sealed.slice(0, -3)}${sealed.at(-3) === "A" ? "B" : "A"}${sealed.slice(-2)}`;
    for (const text of [tampered, sealed.slice(0, 30), "plaintext"]) expect(() => box.open(text, PLACE)).toThrow();
  });

  test.each(["ab".repeat(32), Buffer.alloc(32, 7).toString("base64"), "k".repeat(32)])("takes the key %s", (text) => {
    expect(parseEncryptionKey(text)).toHaveLength(32);
  });

  test.each(["", "short", "zz".repeat(32), "k".repeat(33)])("refuses the key %j", (text) => {
    expect(() => parseEncryptionKey(text)).toThrow("an encryption key is");
  });
});
