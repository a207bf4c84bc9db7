import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AnswerStream } from "#testing/model-server/answer-stream.ts";
import { ManualCall } from "#testing/model-server/manual-call.ts";
import {
  echoReply,
  type ModelReply,
  type RecordedRequest,
  type ReplyFunction,
  type Wire,
} from "#testing/model-server/model-reply.ts";
import { recordRequest } from "#testing/model-server/record-request.ts";
import { sendReply } from "#testing/model-server/send-reply.ts";

export interface ModelServerOptions {
  readonly port?: number;
  /** How many of the latest requests are kept. The default is 10,000. */
  readonly kept?: number;
}

export interface ModelServer {
  /** Has no path: append `/v1` for a provider's base. */
  readonly url: string;
  readonly port: number;
  /** The latest requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Sets the reply for requests when the queue is empty. */
  script(reply: ModelReply | ReplyFunction): void;
  /** Queues replies for the next requests, in order. They take precedence over the script. */
  enqueue(...replies: readonly (ModelReply | ReplyFunction)[]): void;
  /** Removes all queued replies. */
  clear(): void;
  /** Queues a call that the test answers step by step. */
  manual(): ManualCall;
  /**
   * Answers all paths that end with `path` with a document. Used for models, embeddings and other requests that are not
   * chats.
   */
  route(path: string, answer: RouteAnswer): void;
  stop(): Promise<void>;
}

export interface RouteRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of several shapes
  readonly body: any;
}
interface RoutedAnswer {
  readonly status?: number;
  readonly body: unknown;
}
export type RouteAnswer = (request: RouteRequest) => RoutedAnswer | Promise<RoutedAnswer>;

/** The wire format by the end of the path, because providers differ in the start. */
const WIRES: readonly (readonly [RegExp, Wire])[] = [
  [/\/chat\/completions$/, "openai"],
  [/\/messages$/, "anthropic"],
  [/\/models\/[^/]+:(?:streamGenerateContent|generateContent)$/, "google"],
];

/** Starts a scripted model server over real HTTP on loopback. It speaks every wire format. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const kept = options.kept ?? 10_000;
  const requests: RecordedRequest[] = [];
  const queue: (ModelReply | ReplyFunction | ManualCall)[] = [];
  let script: ModelReply | ReplyFunction = echoReply;
  const routes = new Map<string, RouteAnswer>();
  let count = 0;

  const server = http.createServer((incoming, response) => {
    const path = (incoming.url ?? "/").replace(/\?.*$/, "");
    const wire = WIRES.find(([pattern]) => pattern.test(path))?.[1];
    const route = [...routes].findLast(([end]) => path.endsWith(end))?.[1];
    if (path === "/_count") return sendJson(response, 200, { requests: count });
    if (route !== undefined) return void answerRoute(route, incoming, response);
    if (path.endsWith("/models")) return sendJson(response, 200, MODELS);
    if (wire === undefined) return sendJson(response, 404, { error: { message: "no such route", type: "not_found" } });
    void answer(wire, path, incoming, response);
  });

  async function answer(wire: Wire, path: string, incoming: IncomingMessage, response: ServerResponse) {
    const request = recordRequest(wire, path, incoming, await readText(incoming));
    count++;
    requests.push(request);
    if (requests.length > kept) requests.splice(0, requests.length - kept);

    const reply = queue.shift() ?? script;
    const stream = new AnswerStream(request, response);
    response.once("close", () => {
      request.aborted = !response.writableFinished;
      if (request.aborted && reply instanceof ManualCall) reply.end();
    });
    if (reply instanceof ManualCall) return reply.begin(request, stream);
    await sendReply(stream, typeof reply === "function" ? await reply(request) : reply);
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", 4_096, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    script: (reply) => {
      script = reply;
    },
    enqueue: (...replies) => void queue.push(...replies),
    clear: () => void queue.splice(0),
    route: (path, routeAnswer) => void routes.set(path, routeAnswer),
    manual() {
      const call = new ManualCall();
      queue.push(call);
      return call;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answerRoute(route: RouteAnswer, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readText(incoming);
  const headers = incoming.headers as RouteRequest["headers"];
  const { status = 200, body } = await route({ path: incoming.url ?? "/", headers, body: text && JSON.parse(text) });
  sendJson(response, status, body);
}

const MODELS = {
  object: "list",
  data: ["test-model", "test-model-mini"].map((id) => ({
    id,
    object: "model",
    created: 1_700_000_000,
    owned_by: "test",
  })),
};

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
