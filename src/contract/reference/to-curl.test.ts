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
