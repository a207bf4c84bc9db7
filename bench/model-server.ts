import { wallClock } from "./wall-clock.ts";

/**
 * The model server behind every measurement. It speaks OpenAI's format and works as little as possible. The user's
 * message selects the answer: `stream <n> <ms>` streams n tokens, one every `ms` milliseconds, each with its send time.
 * `tools <n>` calls a tool n times. Anything else is answered immediately with a fixed text.
 */
const [port] = process.argv.slice(2).map(Number);

const WORDS = ["The", " quick", " brown", " fox", " jumps", " over", " it", "."];
const USAGE = { prompt_tokens: 20, completion_tokens: WORDS.length, total_tokens: 20 + WORDS.length };
const BASE = { id: "chatcmpl-bench", created: 1_700_000_000, model: "bench" };
const SSE = { headers: { "Content-Type": "text/event-stream" } };
const DONE = "data: [DONE]\n\n";

const frame = (delta: object, finish: string | null = null, extra: object = {}): string => {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...BASE, object: "chat.completion.chunk", choices, ...extra })}\n\n`;
};

const lastFrames = (finish: string) => frame({}, finish, { usage: USAGE }) + DONE;
const WHOLE_STREAM = WORDS.map((content) => frame({ content })).join("") + lastFrames("stop");
const WHOLE_ANSWER = JSON.stringify({
  ...BASE,
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: WORDS.join("") }, finish_reason: "stop" }],
  usage: USAGE,
});

Bun.serve({
  hostname: "127.0.0.1",
  port: port ?? 0,
  idleTimeout: 0,
  async fetch(request) {
    if (request.method === "GET") return new Response("ok");
    const body = await request.text();
    const [, tokens, pause] = /stream (\d+) (\d+)/.exec(body) ?? [];
    if (tokens !== undefined) return new Response(pacedTokens(Number(tokens), Number(pause)), SSE);
    const [, rounds] = /tools (\d+)/.exec(body) ?? [];
    const results = body.split('"role":"tool"').length - 1;
    if (rounds !== undefined && results < Number(rounds)) return new Response(callTool(results), SSE);
    return body.includes('"stream":true')
      ? new Response(WHOLE_STREAM, SSE)
      : new Response(WHOLE_ANSWER, { headers: { "Content-Type": "application/json" } });
  },
});

function callTool(number: number): string {
  const call = { index: 0, id: `call_${number}`, type: "function", function: { name: "datetime", arguments: "{}" } };
  return frame({ tool_calls: [call] }) + lastFrames("tool_calls");
}

/** Streams paced tokens. The first token is sent immediately. */
function pacedTokens(tokens: number, pauseMs: number): ReadableStream {
  return new ReadableStream({
    type: "direct",
    async pull(controller: ReadableStreamDirectController) {
      const startedAt = performance.now();
      for (let sent = 0; sent < tokens; sent++) {
        const wait = startedAt + sent * pauseMs - performance.now();
        if (wait > 0) await Bun.sleep(wait);
        controller.write(frame({ content: `@${wallClock().toFixed(3)} ` }));
        controller.flush();
      }
      controller.write(lastFrames("stop"));
      controller.close();
    },
  } as unknown as Bun.DirectUnderlyingSource);
}
