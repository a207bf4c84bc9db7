import { describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import type { ModelEvent } from "#models/language-model.ts";
import { aRequest, collect, ofType, textOf, useModelServer, WIRES } from "#testing/model-fixture.ts";
import { beginAnswer, cutAt, cutEvery, type ModelReply, type ReplyFunction, toEvents } from "#testing/model-server.ts";

const models = useModelServer();
const TOOL = { name: "lookup", parameters: { type: "object", properties: {} } } as const;
const MALFORMED = { type: "error", error: { kind: "malformed" } };

describe.each(WIRES)("a hostile server of the $wire format", ({ wire, providerType }) => {
  const call = (reply: ModelReply) => {
    models.server.enqueue(reply);
    return collect(models.aModel(providerType), aRequest({ tools: [TOOL] }));
  };
  const last = async (reply: ModelReply) => (await call(reply)).at(-1);

  /** Waits until the server has seen the connection close before the end of the answer. */
  async function untilClosed() {
    const request = models.server.requests.at(-1);
    while (request?.aborted !== true) await Bun.sleep(1);
  }

  test("endless text is cut off at the limit", async () => {
    const text = Array.from({ length: 4 }, () => "x".repeat(LIMITS.modelOutputChars / 4 - 100));
    const events = await call({ fault: "endless_text", text });
    expect(events.at(-1)).toMatchObject(MALFORMED);
    expect(textOf(events).length).toBeLessThanOrEqual(LIMITS.modelOutputChars);
    await untilClosed();
  });

  test("an endless line is cut off at the limit", async () => {
    const events = await call({ text: "so", fault: "endless_line" });
    expect(events.at(-1)).toMatchObject(MALFORMED);
    expect(textOf(events)).toBe("so");
    await untilClosed();
  });

  test("only an event above the line limit ends the call", async () => {
    const unread = (length: number): ModelReply => ({
      text: "so",
      rawLines: [`data: ${JSON.stringify({ type: "unread", data: "x".repeat(length) })}`, ""],
    });
    expect(await last(unread(LIMITS.sseLine))).toMatchObject(MALFORMED);
    expect(await last(unread(LIMITS.sseLine - 1_000))).toMatchObject({ type: "finish", finish: "stop" });
  });

  test("reasoning and tool arguments count towards the limit", async () => {
    const half = Array.from({ length: 3 }, () => "x".repeat(LIMITS.modelOutputChars / 4));
    expect(await last({ reasoning: half, text: half })).toMatchObject(MALFORMED);
    const call = { name: "lookup", arguments: { x: "x".repeat(LIMITS.modelOutputChars / 4) } };
    expect(await last({ toolCalls: [call, call, call, call] })).toMatchObject(MALFORMED);
  });

  test("more tool calls than the limit end the call", async () => {
    const toolCalls = Array.from({ length: LIMITS.modelToolCalls + 1 }, (_, index) => ({
      id: `call_${index}`,
      name: "lookup",
      arguments: {},
    }));
    expect(await last({ toolCalls })).toMatchObject(MALFORMED);
    expect(await last({ toolCalls: toolCalls.slice(1) })).toMatchObject({ type: "finish", finish: "tool_calls" });
  });

  test("a connection that breaks before or after its head is unreachable", async () => {
    for (const fault of ["reset_before_head", "reset_after_head"] as const) {
      // A request whose reused connection breaks is retried on a new connection, so the fault is enqueued twice.
      models.server.enqueue({ fault });
      expect(await last({ fault })).toMatchObject({ type: "error", error: { kind: "unreachable" } });
      models.server.clear();
    }
  });

  test("an answer without a finish reason is malformed", async () => {
    expect(await last({ text: "so", fault: "without_finish" })).toMatchObject(MALFORMED);
  });

  test("an answer with a finish reason needs no end mark", async () => {
    const events = await call({ text: "so", fault: "without_end", usage: null });
    expect(events.at(-1)).toMatchObject({ type: "finish", finish: "stop" });
  });

  test("an error inside a successful answer is classified, as a document or in a stream", async () => {
    const error = { code: 429, message: "too many requests, rate_limit reached", status: "RESOURCE_EXHAUSTED" };
    const line = toEvents({ type: "error", error: { ...error, type: "rate_limit_error" } });
    const expected = { type: "error", error: { kind: "rate_limit" } };
    expect(await last({ raw: [line] })).toMatchObject(expected);
    for (const body of [{ error }, [{ error }]]) {
      expect(await last({ body })).toMatchObject(expected);
      expect(await last({ raw: [JSON.stringify(body)] })).toMatchObject(expected);
    }
  });

  test.each([
    [{ type: "authentication_error", message: "invalid x-api-key" }, "auth"],
    [{ type: "overloaded_error", message: "Overloaded" }, "overloaded"],
    [{ code: 401, message: "no", status: "UNAUTHENTICATED" }, "auth"],
    [{ code: 503, message: "no", status: "UNAVAILABLE" }, "server_error"],
  ])("the error %j instead of an answer is classified", async (error, kind) => {
    expect(await last({ body: { type: "error", error } })).toMatchObject({ type: "error", error: { kind } });
  });

  test("a failure keeps the usage that was reported before it", async () => {
    const usage = { input: 40, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
    const begun = beginAnswer(wire, 40);
    const rest = [
      ["data: {broken\n\n", "malformed"],
      ["data: []\n\n", "malformed"],
      [toEvents({ type: "error", error: { type: "overloaded_error", code: 529 } }), "overloaded"],
    ] as const;
    for (const [line, kind] of rest) {
      const events = await call({ raw: [begun + line] });
      expect(textOf(events)).toBe("so");
      expect(events.at(-1)).toMatchObject({ type: "error", error: { kind }, usage });
    }
    expect(await last({ raw: [begun] })).toMatchObject({ ...MALFORMED, usage });
    const text = ["so ", "far"];
    models.server.enqueue({ text, usage: { input: 40, output: 2 }, chunkDelayMs: 5, cutAfterChunks: 1 });
    const cut = await collect(models.aModel(providerType));
    expect(textOf(cut)).toBe("so ");
    const reported = { openai: undefined, anthropic: usage, google: { ...usage, output: 0 } }[wire];
    expect(cut.at(-1)).toEqual({
      type: "error",
      error: expect.objectContaining({ kind: "unreachable" }),
      usage: reported,
    });
  });

  test("concurrent calls that share a model and a signal have separate usage", async () => {
    const model = models.aModel(providerType);
    const { signal } = new AbortController();
    const inputs = Array.from({ length: 20 }, (_, index) => 100 + index);
    const reply: ReplyFunction = ({ lastUserText }) => ({ raw: [beginAnswer(wire, Number(lastUserText))] });
    models.server.enqueue(...inputs.map(() => reply));
    const ask = (input: number) => {
      const messages = [{ role: "user", parts: [{ type: "text", text: `${input}` }] }] as const;
      return collect(model, aRequest({ messages }), signal);
    };
    const answers = await Promise.all(inputs.map(ask));
    expect(answers.map((events) => ofType(events, "error")[0]?.usage?.input)).toEqual(inputs);
  });

  test("an aborted call keeps its usage", async () => {
    const controller = new AbortController();
    models.server.enqueue({ raw: [beginAnswer(wire, 40)], fault: "without_close" });
    const events: ModelEvent[] = [];
    for await (const event of models.aModel(providerType).stream(aRequest(), controller.signal)) {
      events.push(event);
      controller.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: "error", error: { kind: "aborted" }, usage: { input: 40 } });
    await untilClosed();
  });

  test("web pages and other documents are malformed", async () => {
    const html = `<!doctype html><p>${"x".repeat(2_000_000)}</p>`;
    const bodies = [html, "no healthy upstream", "{", "[]", "null", '{"detail":"gone"}', "\n\n", "x".repeat(2_000_000)];
    for (const body of bodies) {
      expect(await last({ body, headers: { "content-type": "text/plain" } })).toMatchObject(MALFORMED);
      expect(await last({ raw: [body] })).toMatchObject(MALFORMED);
    }
  });

  test("deep nesting only ends the call", async () => {
    const deep = "[".repeat(100_000);
    expect((await call({ raw: [`data: ${deep}\n\n`] })).at(-1)).toMatchObject({ type: "error" });
  });
});

describe("the usage that comes after the finish", () => {
  const chunk = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
  const text = chunk({ choices: [{ index: 0, delta: { content: "ok" } }] });
  const stop = chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  const usage = (prompt_tokens: number) =>
    chunk({ choices: [], usage: { prompt_tokens, completion_tokens: 2, total_tokens: prompt_tokens + 2 } });
  const call = async (raw: readonly string[]) => {
    models.server.enqueue({ raw });
    return (await collect(models.aModel("openai_compat"))).at(-1);
  };

  test("is the last one reported", async () => {
    expect(await call([text, stop, usage(1), usage(7), "data: [DONE]\n\n"])).toMatchObject({ usage: { input: 7 } });
  });

  test("may arrive without a final line break", async () => {
    expect(await call([text, stop, usage(7).trimEnd()])).toMatchObject({ finish: "stop", usage: { input: 7 } });
    const google = [
      { candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP" }] },
      { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 } },
    ];
    models.server.enqueue({ raw: [google.map(chunk).join("").trimEnd()] });
    const events = await collect(models.aModel("gemini_native"));
    expect(events.at(-1)).toMatchObject({ finish: "stop", usage: { input: 10, output: 5 } });
  });

  test("may be missing, cut off or broken", async () => {
    for (const rest of ["", "data: {", usage(1).slice(0, -20)]) {
      expect(await call([text, stop + rest])).toMatchObject({ type: "finish", finish: "stop" });
    }
  });

  test(
    "is waited for only a limited time in every format",
    async () => {
      models.server.enqueue(...WIRES.map((): ModelReply => ({ text: "ok", fault: "without_close" })));
      const answers = await Promise.all(WIRES.map(({ providerType }) => collect(models.aModel(providerType))));
      for (const events of answers) expect(events.at(-1)).toMatchObject({ type: "finish", finish: "stop" });
    },
    6 * LIMITS.modelUsageWait,
  );

  test("does not end an answer that continues after a finish reason", async () => {
    const early = chunk({ choices: [{ index: 0, delta: { content: "so " }, finish_reason: "stop" }] });
    models.server.enqueue({ raw: [early, early, early, "data: [DONE]\n\n"] });
    expect(textOf(await collect(models.aModel("openai_compat")))).toBe("so so so ");
  });

  test("is not read after the end mark", async () => {
    expect(await call([`${text}${stop}data: [DONE]\n\ndata: {broken\n\n`])).toMatchObject({ type: "finish" });
  });
});

describe("a stream of the openai format", () => {
  const pieces = ["plain", " ünïcödé 🌍", " data: [DONE]", "\n\ndata: x\r\n", ' {"choices":[]}'];
  const lines = [
    ": comment",
    "event: message",
    "id: 1",
    "",
    ...pieces.flatMap((content) => [`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}`, ""]),
    `data:${JSON.stringify({ choices: [{ delta: null, finish_reason: "stop" }], unknown: [{}] })}`,
    "",
    "data: [DONE]",
    "",
    "",
  ];

  test.each(["\n", "\r\n", "\r"])(
    "is read the same way however the network splits it, with lines ending in %j",
    async (eol) => {
      const stream = lines.join(eol);
      const size = Buffer.byteLength(stream);
      for (const every of [1, 2, 3, 5, 7, 64, size]) {
        models.server.enqueue({ raw: cutEvery(stream, every) });
        const events = await collect(models.aModel("openai_compat"));
        expect(textOf(events)).toBe(pieces.join(""));
        expect(events.at(-1)).toMatchObject({ type: "finish", finish: "stop" });
      }
    },
  );

  test("yields one event for text that arrives in one chunk", async () => {
    models.server.enqueue({ raw: [lines.join("\n")] });
    const events = await collect(models.aModel("openai_compat"));
    expect(ofType(events, "text")).toEqual([{ type: "text", text: pieces.join("") }]);
  });

  test("may be split within a character, and within a CRLF line ending", async () => {
    const stream = Buffer.from(lines.join("\r\n"));
    const globe = stream.indexOf(Buffer.from("🌍"));
    const lineEnd = stream.indexOf("\r\n", globe);
    models.server.enqueue({ raw: cutAt(stream, globe + 1, globe + 3, lineEnd + 1) });
    expect(textOf(await collect(models.aModel("openai_compat")))).toBe(pieces.join(""));
  });

  test("may spread an event over several data lines", async () => {
    const pretty = JSON.stringify({ choices: [{ delta: { content: "so" }, finish_reason: "stop" }] }, null, 2);
    models.server.enqueue({ raw: [`${pretty.replaceAll(/^/gm, "data: ")}\n\n`] });
    expect(textOf(await collect(models.aModel("openai_compat")))).toBe("so");
  });

  test("may omit the empty lines between events", async () => {
    const compact = lines.filter((line) => line !== "").join("\n");
    models.server.enqueue({ raw: [`${compact}\n`] });
    expect(textOf(await collect(models.aModel("openai_compat")))).toBe(pieces.join(""));
  });

  test("may be a document instead", async () => {
    const message = { content: "whole", reasoning_content: "hm", tool_calls: null };
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    const body = { choices: [{ message, finish_reason: "stop" }], usage };
    for (const headers of [{}, { "content-type": "text/event-stream" }]) {
      models.server.enqueue({ body: JSON.stringify(body, null, 2), headers });
      const events = await collect(models.aModel("openai_compat"));
      expect(events.map(({ type }) => type)).toEqual(["reasoning", "reasoning_end", "text", "finish"]);
      expect(events.at(-1)).toMatchObject({ usage: { input: 3, output: 2 } });
    }
  });

  test("that was read to its end lets the next call reuse its connection", async () => {
    const model = models.aModel("openai_compat");
    for (let index = 0; index < 20; index++) {
      await collect(model);
      await Bun.sleep(1);
    }
    const ports = models.server.requests.slice(-20).map(({ clientPort }) => clientPort);
    expect(new Set(ports).size).toBeLessThan(20);
  });
});
