import http from "node:http";
import https from "node:https";
import type { LookupFunction, Socket } from "node:net";
import { Readable } from "node:stream";
import tls from "node:tls";
import { EgressError } from "#base/egress/egress-error.ts";
import { bareHost } from "#base/egress/egress-policy.ts";
import type { Lifeline } from "#base/egress/lifeline.ts";
import type { OutgoingRequest } from "#base/egress/outgoing-request.ts";
import { piecesOf } from "#base/texts/cut-text.ts";
import { JsonText } from "#base/texts/json-pieces.ts";
import { nextTurn } from "#base/threads/next-turn.ts";

/** Connection pools. Each purpose has its own, because one purpose may reach targets that another may not. */
export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

export interface ExchangeOptions {
  readonly agents: Agents;
  readonly lookup: LookupFunction;
  /** An open connection to the checked address of the URL. It serves this request only. */
  readonly tunnel: Socket | undefined;
  readonly lifeline: Lifeline;
  readonly connectMs: number;
  readonly idleMs: number;
  /** Whether to send the request once more if a pooled connection turns out to be closed. */
  readonly resendsOnStaleConnection: boolean;
}

class StaleConnection extends Error {}

const ignore = () => {};

/** Sends one request to one checked URL and resolves once the head of the response has arrived. */
export async function exchange(
  url: URL,
  request: OutgoingRequest,
  options: ExchangeOptions,
): Promise<http.IncomingMessage> {
  try {
    return await send(url, request, options, false);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    return await send(url, request, options, true);
  }
}

function send(
  url: URL,
  request: OutgoingRequest,
  options: ExchangeOptions,
  isResend: boolean,
): Promise<http.IncomingMessage> {
  const { lifeline } = options;
  if (lifeline.hasEnded) return Promise.reject(lifeline.explain(undefined));
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === "https:";
    const outgoing = (isSecure ? https : http).request({
      host: bareHost(url),
      port: url.port || (isSecure ? 443 : 80),
      path: url.pathname + url.search,
      method: request.method,
      headers: toWireHeaders(url, request),
      ...(options.tunnel
        ? { agent: tunnelAgent(url, options.tunnel) }
        : { agent: isResend ? false : isSecure ? options.agents.https : options.agents.http, lookup: options.lookup }),
    });
    let isAnswered = false;
    const onEnd = () => outgoing.destroy(lifeline.explain(undefined));
    lifeline.watch(onEnd);
    lifeline.expectWithin(options.connectMs);
    const expectAnswer = () => {
      if (!isAnswered) lifeline.expectWithin(options.idleMs);
    };

    outgoing.on("socket", (socket) => {
      if (!socket.connecting) return expectAnswer();
      socket.once(isSecure ? "secureConnect" : "connect", expectAnswer);
    });
    outgoing.on("response", (incoming) => {
      isAnswered = true;
      lifeline.expectNothing();
      // The reader of the body sees the error. Without this listener, an error of an unread body would end the process.
      incoming.on("error", ignore);
      resolve(incoming);
    });
    outgoing.on("upgrade", (_, socket) => {
      socket.destroy();
      reject(new EgressError("network"));
    });
    outgoing.on("error", (error) => {
      const isStale = outgoing.reusedSocket && options.resendsOnStaleConnection && !lifeline.hasEnded;
      reject(isStale ? new StaleConnection() : lifeline.explain(error));
    });
    outgoing.on("close", () => {
      lifeline.unwatch(onEnd);
      if (!isAnswered) reject(lifeline.explain(undefined));
    });
    sendBody(outgoing, request.body, lifeline);
  });
}

/** Returns an agent with one fixed connection. Bun ignores the request's own `createConnection` option. */
function tunnelAgent(url: URL, socket: Socket): http.Agent {
  const isSecure = url.protocol === "https:";
  const agent = isSecure ? new https.Agent() : new http.Agent();
  const connect = () => (isSecure ? tls.connect({ socket, servername: bareHost(url) }) : socket);
  return Object.assign(agent, { createConnection: connect });
}

/** Headers for framing and routing, which callers may not set. They could smuggle a second request with them. */
const OWN_HEADERS = new Set([
  ...["accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization"],
  ...["proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
]);

function toWireHeaders(url: URL, { headers, body }: OutgoingRequest): http.OutgoingHttpHeaders {
  const wire: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) if (!OWN_HEADERS.has(name.toLowerCase())) wire[name] = value;
  wire.host = url.host;
  wire["accept-encoding"] = "identity";
  if (typeof body === "string") wire["content-length"] = Buffer.byteLength(body);
  if (body instanceof Uint8Array || body instanceof JsonText) wire["content-length"] = body.byteLength;
  return wire;
}

/**
 * Writes the head and the text as one chunk, and calls `end()` once that chunk is on its way.
 * An earlier `end()` would add a second, empty chunk, and Node would copy both into a new buffer.
 */
function sendText(outgoing: http.ClientRequest, text: string): void {
  outgoing.write(text);
  outgoing.on("socket", () => process.nextTick(() => outgoing.end()));
}

/** Larger bodies are written in pieces, each when the one before it is on its way. Bytes are cut to this length. */
const PIECE = 256 * 1_024;

function* piecesOfBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += PIECE) yield bytes.subarray(from, from + PIECE);
}

/** The bytes of short pieces are sent together, in chunks of about this many bytes. */
const CHUNK = 96 * 1_024;

/** UTF-8 has no more bytes for a UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

/** Encodes a long text while it is sent, because its bytes would need as much memory again. */
function* encodeEach(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let chunk = new Uint8Array(CHUNK);
  let used = 0;
  for (const piece of pieces) {
    const most = piece.length * MAX_BYTES_PER_UNIT;
    if (used + most > chunk.length) {
      if (used > 0) yield chunk.subarray(0, used);
      chunk = new Uint8Array(Math.max(CHUNK, most));
      used = 0;
    }
    used += encoder.encodeInto(piece, chunk.subarray(used)).written;
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** Others have the event loop after so many bytes. */
const TURN_BYTES = 512 * 1_024;

/** Yields the chunks of a body. Bun takes all that it is given at once, which would hold the event loop for 100 ms. */
async function* inTurns(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = TURN_BYTES;
  for (const chunk of chunks) {
    yield chunk;
    left -= chunk.byteLength;
    if (left > 0) continue;
    await nextTurn();
    left = TURN_BYTES;
  }
}

function sendBody(outgoing: http.ClientRequest, body: OutgoingRequest["body"], lifeline: Lifeline): void {
  const source = toSource(body);
  if (source !== undefined) {
    source.on("error", (error) => lifeline.end(lifeline.explain(error)));
    outgoing.once("close", () => source.destroy());
    source.pipe(outgoing);
  } else if (typeof body === "string") sendText(outgoing, body);
  else outgoing.end(body);
}

/** Returns a body that is not written in one piece as a stream. */
function toSource(body: OutgoingRequest["body"]): Readable | undefined {
  if (body instanceof ReadableStream) return Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  const pieces = toPieces(body);
  return pieces && Readable.from(inTurns(pieces), { objectMode: false });
}

function toPieces(body: string | JsonText | Uint8Array | undefined): Iterable<Uint8Array> | undefined {
  if (body instanceof JsonText) return encodeEach(body);
  if (body === undefined || body.length <= PIECE) return undefined;
  return typeof body === "string" ? encodeEach(piecesOf(body, CHUNK / MAX_BYTES_PER_UNIT)) : piecesOfBytes(body);
}
