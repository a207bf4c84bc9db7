import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { AppError } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { BodyParser } from "#transport/http/body-parser.ts";

const LARGE = " ".repeat(512 * 1_024);
const parser = new BodyParser();
const parse = (text: string | Uint8Array<ArrayBuffer>) =>
  parser.parse(typeof text === "string" ? new TextEncoder().encode(text) : text, MASTER_TENANT_ID);
const outcomeOf = (text: string | Uint8Array<ArrayBuffer>) =>
  parse(text).catch((thrown: unknown) => (thrown instanceof AppError ? thrown.key : (thrown as Error).name));

describe.each([
  ["small", ""],
  ["large", LARGE],
])("a %s body", (_, padding) => {
  test.each([
    ['{"a":[1,-0.5e3,"phở 🍜",null,true,{"b":{}}]}'],
    ['{"__proto__":{"role":"owner"},"constructor":1,"":2}'],
    ['{"lone":"\\ud83d","pair":"\\ud83d\\ude00"}'],
    ["\ufeff{}"],
    ["[]"],
    ['"text"'],
  ])("%s has the same value in and outside a thread", async (text) => {
    const expected = JSON.parse(
      text.replace("\ufeff", "").replace("\\ud83d", "\\ufffd").replace("\\ufffd\\ude00", "😀"),
    );
    const value = await parse(text + padding);
    expect(value).toEqual(expected);
    expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    ["broken", `{"a":${padding}`, "SyntaxError"],
    ["too deep", "[".repeat(LIMITS.jsonDepth + 1) + padding, "error.json_too_deep"],
    ["of too many values", `[${"1,".repeat(LIMITS.jsonValues)}1]${padding}`, "error.json_too_many_values"],
    ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22, ...new TextEncoder().encode(padding)]), "error.invalid_utf8"],
  ])("that is %s is refused with the reason", async (_name, text, reason) => {
    expect(await outcomeOf(text)).toBe(reason);
  });
});

test("a large body is parsed outside the event loop", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await parse(JSON.stringify({ text: "\n".repeat(4_000_000) }));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});

test("the thread that parses loads no package, whose memory the first body would cost", async () => {
  const { outputs } = await Bun.build({ entrypoints: [join(import.meta.dir, "json-worker.ts")], target: "bun" });
  const bundled = [...((await outputs[0]?.text()) ?? "").matchAll(/^\/\/ (\S+)$/gm)].map(([, path = ""]) => path);
  expect(bundled).toContain("src/transport/http/json-worker.ts");
  expect(bundled.filter((path) => path.includes("node_modules"))).toEqual([]);
});
