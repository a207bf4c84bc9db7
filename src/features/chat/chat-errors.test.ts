import { afterAll, afterEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { catalogs } from "#base/i18n/translate.ts";
import { PROVIDER_KEY, refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const hello = { role: "user" as const, content: "hello" };
const HTML = { body: "<html>busy</html>", headers: { "content-type": "text/html" } };
const BROKEN = { body: "data: {broken\n\n", headers: { "content-type": "text/event-stream" } };

/** Failures of a provider, each with the status and code that the client receives. */
const PROVIDER_FAILURES: readonly (readonly [string, ModelReply, number, string])[] = [
  ["refuses the key", { status: 401, text: `bad key ${PROVIDER_KEY}` }, 409, "FAILED_PRECONDITION"],
  ["forbids the key", { status: 403, text: `no right for ${PROVIDER_KEY}` }, 409, "FAILED_PRECONDITION"],
  ["does not know the model", { status: 404 }, 409, "FAILED_PRECONDITION"],
  ["refuses the request", { status: 400 }, 400, "INVALID_REQUEST"],
  ["asks to slow down", { status: 429 }, 429, "RESOURCE_EXHAUSTED"],
  ["fails", { status: 500, text: `stack of ${PROVIDER_KEY}` }, 503, "UNAVAILABLE"],
  ["is overloaded", { status: 529 }, 503, "UNAVAILABLE"],
  ["hangs up", { reasoning: ["hm", "well"], cutAfterChunks: 1 }, 503, "UNAVAILABLE"],
  ["answers with a page", HTML, 503, "UNAVAILABLE"],
  ["answers with broken JSON", BROKEN, 503, "UNAVAILABLE"],
];

describe.each([...testDialects()])("errors of chat on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());
  const ask = (input: object = {}, from = client) =>
    from.chat.completions.create({ model: "goclaw:openai", messages: [hello], ...input });
  const refuse = (input: object = {}, from = client) => refusalOf(ask(input, from));

  test("a wrong token is an authentication error", async () => {
    const error = await refuse({}, gateway.client({ bearer: "wrong" }));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ code: "UNAUTHORIZED", type: "invalid_request_error", param: null });
  });

  test("a read-only key is a permission error", async () => {
    const { body } = await gateway.call("POST", "/v1/api-keys", { name: "k", scopes: ["read"] });
    expect(await refuse({}, gateway.client({ bearer: body.key }))).toBeInstanceOf(OpenAI.PermissionDeniedError);
  });

  test("an unknown agent is not found", async () => {
    const error = await refuse({ model: "goclaw:nobody" });
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error.code).toBe("NOT_FOUND");
    expect(error.message).toContain("nobody");
  });

  test("an agent that was switched off is a conflict", async () => {
    const name = await gateway.anAgent("openai", { status: "inactive" });
    expect(await refuse({ model: `goclaw:${name}` })).toBeInstanceOf(OpenAI.ConflictError);
  });

  test.each([
    ["messages", { messages: undefined }],
    ["messages", { messages: [] }],
    ["messages", { messages: "hello" }],
    ["messages.0.role", { messages: [{ role: "robot", content: "hi" }] }],
    ["messages.0.content", { messages: [{ role: "user", content: 5 }] }],
    ["messages.0.content", { messages: [{ role: "user" }] }],
    ["messages.0.tool_call_id", { messages: [{ role: "tool", content: "hi" }] }],
    ["messages.0.tool_call_id", { messages: [{ role: "tool", tool_call_id: "\u0000", content: "hi" }] }],
    ["model", { model: 5 }],
    ["stream", { stream: "yes" }],
    ["n", { n: 2 }],
    ["logprobs", { logprobs: true }],
    ["top_logprobs", { top_logprobs: 3 }],
    ["logit_bias", { logit_bias: { 50256: -100 } }],
    ["modalities.0", { modalities: ["audio"] }],
    ["function_call", { function_call: "maybe" }],
    ["temperature", { temperature: "hot" }],
    ["temperature", { temperature: 2.5 }],
    ["top_p", { top_p: -1 }],
    ["max_tokens", { max_tokens: 0 }],
    ["max_completion_tokens", { max_completion_tokens: 1.5 }],
    ["seed", { seed: 0.5 }],
    ["stop.0", { stop: [5] }],
    ["reasoning_effort", { reasoning_effort: "extreme" }],
    ["tool_choice", { tool_choice: "maybe" }],
    ["tools.0.function.name", { tools: [{ type: "function", function: { name: "a b" } }] }],
    ["tools.0.type", { tools: [{ type: "retrieval" }] }],
    ["response_format.type", { response_format: { type: "xml" } }],
    ["user", { user: "a\u200bb" }],
    ["user", { user: "x".repeat(256) }],
    ["metadata", { metadata: "text" }],
  ])("a wrong %s is a bad request that names it (%#)", async (param, input) => {
    const before = model.requests.length;
    const error = await refuse(input);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: "INVALID_REQUEST", type: "invalid_request_error", param });
    expect(model.requests.length).toBe(before);
  });

  test("an error has all fields, with its message in the caller's language", async () => {
    const inVietnamese = gateway.client({ headers: { "Accept-Language": "vi-VN" } });
    const error = await refuse({ model: "goclaw:nobody" }, inVietnamese);
    expect(error.error).toEqual({
      code: "NOT_FOUND",
      message: catalogs.vi["error.not_found"].replace("{entity}", "agent").replace("{id}", "nobody"),
      retryable: false,
      retryAfterMs: 0,
      type: "invalid_request_error",
      param: null,
    });
  });

  describe.each([...WIRES])("with a provider of the $wire format", ({ wire }) => {
    describe.each([false, true])("with stream %p", (stream) => {
      // A success resets the circuit breaker. Otherwise it would open after these consecutive failures.
      afterEach(async () => void (await ask({ model: `goclaw:${wire}` })));

      test.each(PROVIDER_FAILURES)("a provider that %s", async (_, reply, status, code) => {
        model.enqueue(reply);
        const error = await refuse({ model: `goclaw:${wire}`, stream });
        expect([error.status, error.code]).toEqual([status, code]);
        expect(error.type).toBe(
          status === 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error",
        );
        expect(JSON.stringify(error.error)).not.toContain(PROVIDER_KEY);
      });
    });

    test("a failure in the middle of a stream ends it with an error, and the text so far is kept", async () => {
      const call = model.manual();
      const answering = gateway.call("POST", "/v1/chat/completions", {
        model: `goclaw:${wire}`,
        messages: [hello],
        stream: true,
        stream_options: { include_usage: true },
      });
      await call.arrived;
      await call.send("half a ");
      await call.send("sentence");
      call.cut();
      const { status, text, headers } = await answering;
      expect(status).toBe(200);
      const last = text.trimEnd().split("\n\n").at(-1) ?? "";
      expect(JSON.parse(last.replace("data: ", "")).error).toMatchObject({
        code: "UNAVAILABLE",
        type: "server_error",
        retryable: true,
      });
      expect(text).not.toContain("[DONE]");
      expect(text).not.toMatch(/"finish_reason":"/);

      const runId = headers.get("x-goclaw-run-id") ?? "";
      expect(await gateway.waitForEnd(runId)).toMatchObject({ status: "failed", output: "half a sentence" });
      const stored = (await gateway.eventsOf(runId)).find(({ type }) => type === "message.completed");
      expect(stored.message).toMatchObject({ is_complete: false, parts: [{ type: "text", text: "half a sentence" }] });
    });

    test("the client throws when a stream fails", async () => {
      const call = model.manual();
      const read = async () => {
        const options = { model: `goclaw:${wire}`, messages: [hello], stream: true as const };
        let text = "";
        for await (const { choices } of await client.chat.completions.create(options)) {
          text += choices[0]?.delta.content ?? "";
          if (text === "half") call.cut();
        }
      };
      const reading = refusalOf(read());
      await call.arrived;
      await call.send("half");
      const error = await reading;
      expect(error).toBeInstanceOf(OpenAI.APIError);
      expect(error.code).toBe("UNAVAILABLE");
    });
  });
});

describe("a limit on requests", async () => {
  let now = new Date();
  const gateway = await startChatGateway({
    env: { GOCLAW_RATE_LIMIT_RPM: "60" },
    clock: { now: () => now },
    wires: ["openai"],
  });
  afterAll(() => gateway.stop());
  const later = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1_000);
  };
  const ask = () => gateway.client().chat.completions.create({ model: "goclaw:openai", messages: [hello] });

  test("admits five requests at once and refuses the sixth with a rate limit error", async () => {
    later(60);
    for (let count = 0; count < 5; count++) expect((await ask()).choices).toHaveLength(1);
    const error = await refusalOf(ask());
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error.headers?.get("retry-after")).toBe("60");
    expect(error.error).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      type: "rate_limit_error",
      retryable: true,
      retryAfterMs: 60_000,
    });
    expect(gateway.model.requests).toHaveLength(5);
    later(1);
    expect((await ask()).choices).toHaveLength(1);
    expect(await refusalOf(ask())).toBeInstanceOf(OpenAI.RateLimitError);
  });

  test("the provider's retry-after is passed on", async () => {
    later(60);
    gateway.model.enqueue({ status: 429, headers: { "retry-after": "7" } });
    const error = await refusalOf(ask());
    expect([error.status, error.headers?.get("retry-after")]).toEqual([429, "7"]);
    expect(error.error).toMatchObject({ retryAfterMs: 7_000 });
  });
});
