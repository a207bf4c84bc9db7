import { expect, test } from "bun:test";
import type { OutgoingRequest } from "#base/egress/outgoing-request.ts";
import { redirectTarget, toRedirectedRequest } from "#base/egress/redirect.ts";

const HERE = new URL("https://a.example/x/y");
const SAME = new URL("https://a.example/z");
const OTHER = new URL("https://b.example/z");

const aRequest = (method: string, changes: Partial<OutgoingRequest> = {}) =>
  ({ method, headers: {}, body: undefined, ...changes }) as OutgoingRequest;

test("a redirect leads to its place, seen from where it came", () => {
  expect(redirectTarget(302, "../z", HERE)).toBe("https://a.example/z");
  expect(redirectTarget(308, "https://b.example/z", HERE)).toBe("https://b.example/z");
  expect(redirectTarget(302, undefined, HERE)).toBeUndefined();
  expect(() => redirectTarget(302, "https://[", HERE)).toThrow(expect.objectContaining({ kind: "redirect" }));
});

test.each([200, 201, 300, 304, 305, 306, 309])("an answer with status %i is no redirect", (status) => {
  expect(redirectTarget(status, "/z", HERE)).toBeUndefined();
});

test.each([
  [301, "POST", "GET"],
  [302, "POST", "GET"],
  [303, "POST", "GET"],
  [307, "POST", "POST"],
  [308, "POST", "POST"],
  [301, "PUT", "PUT"],
  [303, "PUT", "GET"],
  [303, "DELETE", "GET"],
  [303, "HEAD", "HEAD"],
  [302, "HEAD", "HEAD"],
])("after a %i, a %s goes on as %s", (status, before, after) => {
  const { method, body } = toRedirectedRequest(aRequest(before, { body: "x" }), status, HERE, SAME);
  expect([method, body]).toEqual([after, before === after ? "x" : undefined]);
});

const HEADERS = { Accept: "text/plain", "Content-Type": "text/plain", Authorization: "secret" };

test("the same origin gets all headers, without those of a body that is left out", () => {
  const headersAfter = (status: number) =>
    toRedirectedRequest(aRequest("POST", { headers: HEADERS }), status, HERE, SAME).headers;
  expect(headersAfter(307)).toEqual(HEADERS);
  expect(headersAfter(303)).toEqual({ Accept: "text/plain", Authorization: "secret" });
});

test("another origin gets harmless headers alone, and no body", () => {
  const { headers } = toRedirectedRequest(aRequest("GET", { headers: HEADERS }), 307, HERE, OTHER);
  expect(headers).toEqual({ Accept: "text/plain" });
  const refusal = expect.objectContaining({ kind: "redirect" });
  expect(() => toRedirectedRequest(aRequest("POST", { body: "x" }), 307, HERE, OTHER)).toThrow(refusal);
  const body = new ReadableStream<Uint8Array>();
  expect(() => toRedirectedRequest(aRequest("POST", { body }), 307, HERE, SAME)).toThrow(refusal);
  expect(toRedirectedRequest(aRequest("POST", { body }), 303, HERE, SAME).body).toBeUndefined();
});
