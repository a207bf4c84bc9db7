import { expect, test } from "bun:test";
import { toCurl } from "#contract/reference/to-curl.ts";

const ANSWER = { status: 201, mediaType: "application/json", text: "{}" };
const REQUEST = { method: "POST", path: "/v1/agents", hasToken: true, headers: {}, ...ANSWER } as const;
const bodyOf = (length: number) =>
  ({ kind: "json", value: { text: "x".repeat(length - '{"text":""}'.length) } }) as const;

test("a body of 90 characters stays on one line, and a longer one has a line for each field", () => {
  expect(toCurl({ ...REQUEST, body: bodyOf(90) })).toEndWith(`  -d '${JSON.stringify(bodyOf(90).value)}'`);
  expect(toCurl({ ...REQUEST, body: bodyOf(91) })).toMatch(/ -d '\{\n {4}"text": "x+"\n {2}\}'$/);
});

test("a command names the method where curl would take another one, and the token if there is one", () => {
  const text = { kind: "text", text: "it's" } as const;
  const form = { kind: "form", fileName: "a.txt" } as const;
  expect(toCurl({ ...REQUEST, method: "GET", hasToken: false, body: undefined })).toBe('curl "$GOCLAW/v1/agents"');
  expect(toCurl({ ...REQUEST, body: undefined })).toBe('curl -X POST "$GOCLAW/v1/agents" \\\n  -H "$AUTH"');
  expect(toCurl({ ...REQUEST, hasToken: false, body: text })).toBe(`curl "$GOCLAW/v1/agents" \\\n  -d 'it'\\''s'`);
  expect(toCurl({ ...REQUEST, method: "PUT", headers: { "X-A": "b" }, body: form })).toBe(
    'curl -X PUT "$GOCLAW/v1/agents" \\\n  -H "$AUTH" \\\n  -H "X-A: b" \\\n  -F "file=@a.txt"',
  );
});
