import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { Secret } from "#base/secret.ts";
import { ProviderWords } from "#models/failures/provider-words.ts";

const SECRET = new Secret("planted-key-17");
const show = (body: unknown) =>
  new ProviderWords(typeof body === "string" ? body : JSON.stringify(body), body).show([SECRET]);

describe("a provider's own words", () => {
  test.each<readonly [string, unknown, string | undefined]>([
    ["OpenAI's error", { error: { message: "no such model", type: "invalid_request_error" } }, "no such model"],
    ["Google's list", [{ error: { code: 400, message: "API key not valid." } }], "API key not valid."],
    ["vLLM's error", { object: "error", message: "too long" }, "too long"],
    ["a text", { error: "model requires more memory" }, "model requires more memory"],
    ["FastAPI's detail", { detail: [{ loc: ["body"], msg: "field required", input: "the prompt" }] }, "field required"],
    ["Spring's error", { status: 404, error: "Not Found", message: "No resource" }, "No resource"],
    [
      "what OpenRouter passes on",
      { error: { message: "Provider returned error", metadata: { raw: '{"error":{"message":"upstream is full"}}' } } },
      "upstream is full",
    ],
    ["plain text", "404 page\n not found", "404 page not found"],
    ["a page's title", "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway"],
    ["a page without a title", "<html></html>", undefined],
    ["JSON without a message", { code: 7 }, undefined],
    ["nothing", "", undefined],
  ])("are found in %s", (_, body, message) => {
    expect(show(body)).toBe(message as string);
  });

  test.each([
    ["the provider's key", "Incorrect key planted-key-17", "Incorrect key [REDACTED]"],
    ["text that is shaped like a key", `key sk-${"a".repeat(24)} is unknown`, "key [REDACTED] is unknown"],
    ["a bearer", "Authorization: Bearer abcdefghijklmnop1234", "Authorization: Bearer [REDACTED]"],
    ["a query string", "POST https://host/v1/chat?key=abc&user=ada failed", "POST https://host/v1/chat failed"],
    ["an e-mail address", "the account ada.l@mail.example.com is closed", "the account … is closed"],
    ["a long quote", `invalid content: "${"my diary ".repeat(12)}" here`, 'invalid content: "…" here'],
    ["control characters", "one\u0000\u001b[31mtwo", "one [31mtwo"],
  ])("are shown without %s", (_, message, shown) => {
    expect(show({ error: { message } })).toBe(shown);
  });

  test("keep short quotes and apostrophes", () => {
    const message = `the model's name 'gpt-9' isn't known; this server's operator can't ${"add it ".repeat(12)}to it's list`;
    expect(show({ error: { message } })).toBe(message);
  });

  test("are cut to 500 characters", () => {
    expect(show({ error: { message: "é".repeat(2_000) } })).toBe("é".repeat(500));
  });

  test("are invisible in JSON and in logs", () => {
    const error = { kind: "auth", words: new ProviderWords("secret words", { code: "secret-words" }) };
    expect(JSON.stringify(error)).toBe('{"kind":"auth"}');
    expect(inspect(error)).not.toContain("secret words");
  });
});
