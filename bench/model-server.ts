import { toMeaning } from "./memory/meanings.ts";
import { wallClock } from "./wall-clock.ts";

/**
 * The model server behind every measurement. It speaks OpenAI's format and works as little as possible. The user's
 * message selects the answer: `stream <n> <ms>` streams n tokens, one every `ms` milliseconds, each with its send time.
 * `tools <n>` calls a tool n times, and `mcp <n>` a tool of the MCP server at `/mcp`, which is here too. Anything else
 * is answered immediately with a fixed text. Vectors are made by `toMeaning`.
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
    if (request.method === "GET") return new Response("ok", { status: request.url.endsWith("/mcp") ? 405 : 200 });
    const body = await request.text();
    if (request.url.endsWith("/mcp")) return answerMcp(JSON.parse(body));
    if (request.url.endsWith("/embeddings")) return answerEmbeddings(JSON.parse(body));
    const [, tokens, pause] = /stream (\d+) (\d+)/.exec(body) ?? [];
    if (tokens !== undefined) return new Response(pacedTokens(Number(tokens), Number(pause)), SSE);
    const [, kind, rounds] = /(tools|mcp) (\d+)/.exec(body) ?? [];
    const results = body.split('"role":"tool"').length - 1;
    if (rounds !== undefined && results < Number(rounds))
      return new Response(callTool(kind === "mcp" ? "mcp_echo__echo" : "datetime", results), SSE);
    return body.includes('"stream":true')
      ? new Response(WHOLE_STREAM, SSE)
      : new Response(WHOLE_ANSWER, { headers: { "Content-Type": "application/json" } });
  },
});

function answerEmbeddings({ input }: { readonly input: readonly string[] }): Response {
  const data = input.map((text, index) => ({ object: "embedding", index, embedding: [...toMeaning(text)] }));
  return Response.json({ object: "list", data, usage: { prompt_tokens: 8, total_tokens: 8 } });
}

/** Answers as an MCP server with one tool. */
function answerMcp({ id, method }: { readonly id?: number; readonly method: string }): Response {
  if (id === undefined) return new Response(null, { status: 202 });
  const results: Readonly<Record<string, object>> = {
    initialize: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "e", version: "1" } },
    "tools/list": { tools: [{ name: "echo", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }] },
    "tools/call": { content: [{ type: "text", text: WORDS.join("") }] },
  };
  return Response.json({ jsonrpc: "2.0", id, result: results[method] ?? {} });
}

function callTool(name: string, number: number): string {
  const call = { index: 0, id: `call_${number}`, type: "function", function: { name, arguments: "{}" } };
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
