import { expect, test } from "bun:test";
import { isLoopback } from "#base/is-loopback.ts";

test.each(["localhost", "127.0.0.1", "127.255.255.254", "::1", "[::1]"])("%s is this machine", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  ...["", "localhost.example", "my-localhost", "128.0.0.1", "127.0.0", "127.0.0.1.2", "127.0.0.1234"],
  ...["0.0.0.0", "::", "::2", "[::1", "example.com"],
])("%j is not", (host) => {
  expect(isLoopback(host)).toBe(false);
});
