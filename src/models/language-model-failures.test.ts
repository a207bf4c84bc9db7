import { describe, expect, test } from "bun:test";
import { Secret } from "#base/secret.ts";
import type { ModelEvent } from "#models/language-model.ts";
import { aRequest, collect, ofType, textOf, useModelServer, WIRES } from "#testing/model-fixture.ts";

const models = useModelServer();

describe.each(WIRES)("over the $wire format", ({ wire, providerType }) => {
  test.each([
    [{ status: 401 }, "auth"],
    [{ status: 403, text: "your credit balance is too low" }, "billing"],
    [{ status: 402 }, "billing"],
    [{ status: 404 }, "model_not_found"],
    [{ status: 429 }, "rate_limit"],
    [{ status: 429, text: "too many tokens per minute; see billing" }, "rate_limit"],
    [{ status: 429, text: "insufficient_quota" }, "billing"],
    [{ status: 500 }, "server_error"],
    [{ status: 503 }, "server_error"],
    [{ status: 529 }, "overloaded"],
    [{ status: 400, text: "tools.0: invalid function name" }, "invalid_request"],
    [{ status: 400, text: "This model's maximum context length is 8192 tokens." }, "context_overflow"],
    [{ status: 400, text: "prompt is too long: 200001 tokens > 200000 maximum" }, "context_overflow"],
    [{ status: 400, text: "context window exceeds limit (2013)" }, "context_overflow"],
    [{ status: 400, text: "gpt-9 is not a valid model ID" }, "model_not_found"],
    [{ status: 400, text: "Access denied: Arrearage" }, "billing"],
    [{ status: 400, text: "Output data may contain inappropriate content." }, "content_policy"],
    [{ status: 503, text: "The model is overloaded." }, "overloaded"],
    [{ status: 400, text: "rejected by our content management policy" }, "content_policy"],
    [{ status: 500, body: "<html>oops</html>" }, "server_error"],
    [{ status: 401, body: "" }, "auth"],
  ] as const)("%j has the kind %p", async (reply, kind) => {
    models.server.enqueue(reply);
    const events = await collect(models.aModel(providerType));
    expect(events).toMatchObject([{ type: "error", error: { kind, status: reply.status } }]);
    if ("text" in reply) expect(JSON.stringify(events)).not.toContain(reply.text);
  });

  test.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
    [{ date: "Wed, 21 Oct 2026 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT" }, 30_000],
    [{ "retry-after": "soon" }, undefined],
  ] as const)("%j asks to wait %p ms", async (headers, retryAfterMs) => {
    models.server.enqueue({ status: 429, headers });
    const [event] = ofType(await collect(models.aModel(providerType)), "error");
    expect(event?.error.retryAfterMs).toBe(retryAfterMs);
  });

  test("the provider's error names are shown, but nothing else of its text and no credential", async () => {
    const error = {
      type: "invalid_request_error",
      code: "unsupported_parameter",
      param: "top_p",
      message: "you wrote X",
    };
    models.server.enqueue({ status: 400, body: { error } });
    const [event] = ofType(await collect(models.aModel(providerType)), "error");
    expect(event?.error.message).toBe("the provider answered 400");
    expect(event?.error.words?.showNames([])).toBe("invalid_request_error, unsupported_parameter, top_p");
    expect(event?.error.words?.showNames([new Secret("unsupported_parameter")])).toBe("invalid_request_error, top_p");
    models.server.enqueue({ status: 400, body: { error: { ...error, code: "my key is sk-1", param: 5 } } });
    const [other] = ofType(await collect(models.aModel(providerType)), "error");
    expect(other?.error.words?.showNames([])).toBe("invalid_request_error");
    const named = { type: "sk-abcdefghijklmnopqrst", code: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0" };
    models.server.enqueue({ status: 400, body: { error: named } });
    const [last] = ofType(await collect(models.aModel(providerType)), "error");
    expect(last?.error.words?.showNames([])).toBeUndefined();
  });

  test("a connection cut in the middle keeps the text and ends with an error", async () => {
    models.server.enqueue({ text: ["a", "b", "c"], chunkDelayMs: 1, cutAfterChunks: 2 });
    const events = await collect(models.aModel(providerType));
    expect(events.at(-1)).toMatchObject({ type: "error", error: { kind: "unreachable" } });
    expect(textOf(events).length).toBeLessThan(3);
  });

  test("a malformed line ends the call", async () => {
    models.server.enqueue({ text: "ok", rawLines: ["data: {broken"] });
    const events = await collect(models.aModel(providerType));
    expect(events.at(-1)).toMatchObject({ type: "error", error: { kind: "malformed" } });
    expect(ofType(events, "finish")).toEqual([]);
  });

  test("comments and empty lines in the stream are allowed", async () => {
    models.server.enqueue({ text: "ok", rawLines: [": ping", ""] });
    expect((await collect(models.aModel(providerType))).at(-1)).toMatchObject({ type: "finish" });
  });

  test("an answer that is not a stream is malformed", async () => {
    models.server.enqueue({ body: "<html>welcome</html>", headers: { "content-type": "text/html" } });
    expect(await collect(models.aModel(providerType))).toMatchObject([{ type: "error", error: { kind: "malformed" } }]);
  });

  test("a failure reported inside the stream is classified", async () => {
    const error = {
      type: "overloaded_error",
      message: "Overloaded",
      ...(wire === "google" && { code: 503, status: "X" }),
    };
    models.server.enqueue({ text: "so", rawLines: [`data: ${JSON.stringify({ type: "error", error })}`] });
    expect((await collect(models.aModel(providerType))).at(-1)).toMatchObject({
      type: "error",
      error: { kind: "overloaded" },
    });
  });

  test("an abort in the middle ends the call and closes the connection", async () => {
    const call = models.server.manual();
    const controller = new AbortController();
    const events: ModelEvent[] = [];
    const reading = (async () => {
      for await (const event of models.aModel(providerType).stream(aRequest(), controller.signal)) {
        events.push(event);
        controller.abort();
      }
    })();
    const request = await call.arrived;
    await call.send("begun");
    await reading;
    await call.aborted;
    expect(events).toMatchObject([
      { type: "text", text: "begun" },
      { type: "error", error: { kind: "aborted" } },
    ]);
    expect(request.aborted).toBe(true);
  });

  test("an abort before the first event ends the call, and an abort before the call prevents it", async () => {
    const call = models.server.manual();
    const controller = new AbortController();
    const collecting = collect(models.aModel(providerType), aRequest(), controller.signal);
    await call.arrived;
    controller.abort();
    expect(await collecting).toMatchObject([{ type: "error", error: { kind: "aborted" } }]);
    await call.aborted;
    const before = models.server.requests.length;
    const again = await collect(models.aModel(providerType), aRequest(), controller.signal);
    expect(again).toMatchObject([{ type: "error", error: { kind: "aborted" } }]);
    expect(models.server.requests.length).toBe(before);
  });

  test("a reader that stops early closes the connection", async () => {
    const call = models.server.manual();
    const reading = (async () => {
      for await (const _ of models.aModel(providerType).stream(aRequest(), new AbortController().signal)) return;
    })();
    await call.arrived;
    await call.send("begun");
    await reading;
    await call.aborted;
  });

  test("a blocked address and a closed port are unreachable", async () => {
    for (const base of ["http://127.0.0.1:1/v1", "http://169.254.169.254/v1", "nonsense"]) {
      const events = await collect(models.aModel(providerType, base));
      expect(events).toMatchObject([{ type: "error" }]);
    }
  });

  // Google's models accept files of every kind.
  test.skipIf(wire === "google")("an unsupported file is an error of kind unsupported", async () => {
    const parts = [{ type: "file", mediaType: "video/mp4", bytes: new Uint8Array(3) }] as const;
    const events = await collect(models.aModel(providerType), aRequest({ messages: [{ role: "user", parts }] }));
    expect(events).toMatchObject([{ type: "error", error: { kind: "unsupported" } }]);
  });
});
