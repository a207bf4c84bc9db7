import { isRecord } from "#base/json.ts";

/** A message as a scripted server receives it. */
export interface ReceivedMessage {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly id: number | undefined;
  readonly headers: Headers;
}

export interface McpScript {
  /** Answers `tools/list`. By default there is one tool, `echo`. */
  readonly list?: (cursor: string | undefined) => object;
  /** Answers `tools/call` with a result, or with a whole HTTP response. */
  readonly call?: (message: ReceivedMessage, server: McpServer) => object | Response | Promise<object | Response>;
  /** Sees every message first. A response replaces the server's own. */
  readonly intercept?: (message: ReceivedMessage) => Response | undefined | Promise<Response | undefined>;
}

export interface McpServer {
  readonly url: string;
  /** As egress allows it. */
  readonly host: string;
  readonly received: ReceivedMessage[];
  /** The calls of tools so far. */
  readonly calls: readonly ReceivedMessage[];
  /** Sends a message to every client that listens. Returns how many there are. */
  push(message: object): number;
  /** The next request of every session is answered with 404. */
  forgetSessions(): void;
  stop(): Promise<void>;
}

const VERSION = "2025-06-18";

export const ECHO = {
  name: "echo",
  description: "Returns its text",
  inputSchema: { type: "object", properties: { text: { type: "string" } } },
};

export const textResult = (text: string): object => ({ content: [{ type: "text", text }] });

/** An answer as an event stream of these messages. */
export const eventStream = (...messages: readonly object[]): Response =>
  new Response(messages.map((message) => `event: message\ndata: ${JSON.stringify(message)}\n\n`).join(""), {
    headers: { "Content-Type": "text/event-stream" },
  });

/** Starts an MCP server over streamable HTTP that does what a test scripts, right or wrong. */
export function startMcpServer(script: McpScript = {}): McpServer {
  const received: ReceivedMessage[] = [];
  const sessions = new Set<string>();
  const listeners = new Set<ReadableStreamDefaultController<string>>();

  const listen = () => {
    let own: ReadableStreamDefaultController<string> | undefined;
    const body = new ReadableStream<string>({
      start(controller) {
        own = controller;
        listeners.add(controller);
      },
      cancel() {
        if (own) listeners.delete(own);
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };

  const answer = async (message: ReceivedMessage): Promise<Response> => {
    const { method, id } = message;
    const session = message.headers.get("mcp-session-id");
    if (method !== "initialize" && (session === null || !sessions.has(session))) {
      return new Response("no such session", { status: 404 });
    }
    const intercepted = await script.intercept?.(message);
    if (intercepted) return intercepted;
    if (id === undefined) return new Response(null, { status: 202 });
    if (method === "initialize") {
      const created = crypto.randomUUID();
      sessions.add(created);
      const result = {
        protocolVersion: VERSION,
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "scripted", version: "1" },
      };
      return Response.json({ jsonrpc: "2.0", id, result }, { headers: { "Mcp-Session-Id": created } });
    }
    const result = await resultOf(message);
    return result instanceof Response ? result : Response.json({ jsonrpc: "2.0", id, result });
  };

  const resultOf = async (message: ReceivedMessage): Promise<object | Response> => {
    const { method, params } = message;
    if (method === "tools/list") {
      const cursor = typeof params.cursor === "string" ? params.cursor : undefined;
      return script.list?.(cursor) ?? { tools: [ECHO] };
    }
    if (method !== "tools/call") return {};
    const input = isRecord(params.arguments) ? params.arguments : {};
    return (await script.call?.(message, server)) ?? textResult(String(input.text ?? ""));
  };

  const http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      if (request.method === "GET") return listen();
      if (request.method !== "POST") return new Response(null, { status: 200 });
      const body: unknown = await request.json();
      if (!isRecord(body)) return new Response(null, { status: 400 });
      const message: ReceivedMessage = {
        method: String(body.method),
        params: isRecord(body.params) ? body.params : {},
        id: typeof body.id === "number" ? body.id : undefined,
        headers: request.headers,
      };
      received.push(message);
      return answer(message);
    },
  });

  const server: McpServer = {
    url: `http://127.0.0.1:${http.port}/mcp`,
    host: `127.0.0.1:${http.port}`,
    received,
    get calls() {
      return received.filter(({ method }) => method === "tools/call");
    },
    push(message) {
      for (const listener of listeners) listener.enqueue(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      return listeners.size;
    },
    forgetSessions: () => sessions.clear(),
    stop: () => http.stop(true),
  };
  return server;
}
