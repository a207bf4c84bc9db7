import { expect, test } from "bun:test";
import { newPairingCode, toPairingCode } from "#core/access/pairing-code.ts";

test("a code has eight letters and digits that nobody takes for one another", () => {
  const codes = Array.from({ length: 500 }, newPairingCode);
  for (const code of codes) expect(code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
  expect(new Set(codes).size).toBe(codes.length);
  expect(new Set(codes.join("")).size).toBe(32);
});

test("a code is found however somebody writes it", () => {
  expect(toPairingCode(" abcd-EF 23\n")).toBe("ABCDEF23");
});
