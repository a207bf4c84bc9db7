import { describe, expect, test } from "bun:test";
import { findWeakness, requireStrongToken } from "#app/config/require-strong-token.ts";
import { Secret } from "#base/secret.ts";

describe("a gateway token", () => {
  test.each([
    ...["", "secret", "changeme", "hunter2hunter2", "a".repeat(15)],
    ...["a".repeat(64), "abab".repeat(16), "0".repeat(32), "hunter2!".repeat(4), "11112222333344445555"],
    ...[
      "passwordpassword1",
      "password123456789",
      "my-secret-gateway-token",
      "GoClaw-Admin-Token-2026",
      "change-me-please-1234",
    ],
    ...["1234567890123456", "abcdefghijklmnopqrstuvwxyz", "0123456789abcdef", "zyxwvutsrqponmlk", "qwertyqwerty123456"],
    ...["at least 32 random characters", "super-long-test-token", "field-token-0123456789abcdef"],
  ])("%p is weak", (token) => expect(findWeakness(token)).toBeString());

  test.each([
    ...["9f86d081884c7d659a2feaa0c55ad015", "3q2+7wAAQkJDREVGR0hJSg==", "Xk7-pQ2_vL9.sT4~mB1", "8c1f0e5b7a3d9246"],
    ...["correct-horse-battery-staple", "goclaw_4f9d0b7a2e6c8153f0a1", "token-7f3a9c1be50d42688e"],
  ])("%p is strong", (token) => expect(findWeakness(token)).toBeUndefined());

  test("may be weak on loopback alone, and the refusal says what to do without showing it", () => {
    const weak = new Secret("hunter2");
    for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1"]) requireStrongToken(weak, host);
    for (const host of ["0.0.0.0", "::", "10.0.0.5", "gateway.example", "127.0.0.1.example"]) {
      expect(() => requireStrongToken(weak, host)).toThrow(/openssl rand -hex 32\.$/);
      expect(() => requireStrongToken(weak, host)).not.toThrow(/hunter2/);
      requireStrongToken(new Secret("9f86d081884c7d659a2feaa0c55ad015"), host);
    }
  });
});
