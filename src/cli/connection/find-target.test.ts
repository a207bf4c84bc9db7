import { expect, test } from "bun:test";
import { toAddress } from "#cli/connection/find-target.ts";

test.each([
  ["https://gateway.example.com/", "https://gateway.example.com"],
  ["https://example.com/goclaw/", "https://example.com/goclaw"],
  ["gateway.example.com", "https://gateway.example.com"],
  ["gateway.example.com:8443", "https://gateway.example.com:8443"],
  ["localhost:18790", "http://localhost:18790"],
  ["127.0.0.1:18790", "http://127.0.0.1:18790"],
  ["[::1]:18790", "http://[::1]:18790"],
  ["http://10.0.0.1:1", "http://10.0.0.1:1"],
])("the address %j means %j", (text, address) => {
  expect(toAddress(text)).toBe(address);
});

test.each(["", "ftp://host", "http://", "https://me:secret@host", "https://host/?token=x", "https://host/#x"])(
  "%j is no address",
  (text) => expect(() => toAddress(text)).toThrow("is no address of a gateway"),
);
