import type { JSONRPCMessage, Transport, TransportSendOptions } from "@modelcontextprotocol/client";
import type { Clock } from "#base/clock.ts";
import { isRecord } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { McpError } from "#mcp/mcp-error.ts";
import { FloodGauge, requireModest } from "#mcp/message-bounds.ts";
import { StdioTransport } from "#mcp/stdio-transport.ts";

type RequestId = string | number;

/** The code of the error that stands in for an answer whose stream ended without it. */
export const STREAM_ENDED = -32_099;

export interface GuardedTransportOptions {
  /** Creates the transport that is guarded. It reports messages that are too large. */
  readonly create: (onBreach: (breach: McpError) => void) => Transport;
  /** Returns whether an error of the transport means that its session is over. */
  readonly isEnd: (error: Error) => boolean;
  readonly clock: Clock;
}

/**
 * Bounds what a server sends, and gives up the HTTP exchange of a request that is no longer wanted. The first breach
 * closes the connection. `breach` then says why.
 */
export class GuardedTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <Message extends JSONRPCMessage>(message: Message) => void;
  readonly #inner: Transport;
  readonly #isEnd: (error: Error) => boolean;
  readonly #flood: FloodGauge;
  readonly #open = new Map<RequestId, AbortController>();
  #breach: McpError | undefined;
  #isClosed = false;

  constructor({ create, isEnd, clock }: GuardedTransportOptions) {
    const inner = create((breach) => this.#fail(breach));
    this.#inner = inner;
    this.#isEnd = isEnd;
    this.#flood = new FloodGauge(clock);
    inner.onmessage = (message) => this.#receive(message);
    inner.onerror = (error) => this.#fail(error);
    inner.onclose = () => this.#end();
  }

  get breach(): McpError | undefined {
    return this.#breach;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  /** What a process wrote before it ended, or "" for a server that is no process. */
  get lastWords(): string {
    return this.#inner instanceof StdioTransport ? this.#inner.lastWords : "";
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const id = requestIdOf(message);
    if (id === undefined) return this.#sendUnanswered(message, options);
    const exchange = new AbortController();
    this.#open.set(id, exchange);
    await this.#inner.send(message, {
      ...options,
      requestSignal: exchange.signal,
      onRequestStreamEnd: () => this.#answerFor(id),
    });
  }

  /** Ends the session, which some servers keep until then, and closes the connection. */
  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LIMITS.mcpSessionEnd);
    await Promise.race([this.#endSession(), promise]).finally(() => clearTimeout(timer));
    await this.close();
  }

  async #endSession(): Promise<void> {
    const transport: Transport & { readonly terminateSession?: () => Promise<void> } = this.#inner;
    if (!this.#isClosed) await transport.terminateSession?.().catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const exchange of this.#open.values()) exchange.abort();
    await this.#inner.close();
    // Not every transport reports its end.
    this.#end();
  }

  async #sendUnanswered(message: JSONRPCMessage, options: TransportSendOptions): Promise<void> {
    const cancelled = cancelledIdOf(message);
    try {
      await this.#inner.send(message, options);
    } finally {
      if (cancelled !== undefined) this.#takeOpen(cancelled)?.abort();
    }
  }

  #receive(message: JSONRPCMessage): void {
    if (this.#isClosed) return;
    try {
      const id = answeredIdOf(message);
      if (id === undefined || !this.#takeOpen(id)) this.#flood.count();
      requireModest(message);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.onmessage?.(message);
  }

  #takeOpen(id: RequestId): AbortController | undefined {
    const exchange = this.#open.get(id);
    this.#open.delete(id);
    return exchange;
  }

  /** A stream that ends without its answer would otherwise let the call wait for its timeout. */
  #answerFor(id: RequestId): void {
    if (!this.#takeOpen(id) || this.#isClosed) return;
    const error = { code: STREAM_ENDED, message: "the stream ended without an answer" };
    this.onmessage?.({ jsonrpc: "2.0", id, error });
  }

  #fail(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const breach = findBreach(error);
    this.#breach ??= breach;
    if ((breach || this.#isEnd(error)) && !this.#isClosed) void this.close().catch(() => undefined);
    this.onerror?.(error);
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#open.clear();
    this.onclose?.();
  }
}

function findBreach(error: Error): McpError | undefined {
  if (error instanceof McpError && error.kind === "misbehaved") return error;
  return error.cause instanceof Error ? findBreach(error.cause) : undefined;
}

const isId = (value: unknown): value is RequestId => typeof value === "string" || typeof value === "number";

function requestIdOf(message: JSONRPCMessage): RequestId | undefined {
  return "method" in message && "id" in message && isId(message.id) ? message.id : undefined;
}

/** Servers may answer with the text of a numeric id. */
function answeredIdOf(message: JSONRPCMessage): RequestId | undefined {
  if ("method" in message || !("id" in message) || !isId(message.id)) return undefined;
  return Number(message.id);
}

function cancelledIdOf(message: JSONRPCMessage): RequestId | undefined {
  if (!("method" in message) || message.method !== "notifications/cancelled") return undefined;
  return isRecord(message.params) && isId(message.params.requestId) ? message.params.requestId : undefined;
}
