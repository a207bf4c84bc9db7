import type { FollowOptions } from "#client/create-client.ts";
import {
  aborted,
  connectionFailed,
  type GoClawError,
  type PairingAnswer,
  pairingRequired,
  toError,
} from "#client/errors.ts";
import { EventQueue } from "#client/event-queue.ts";
import { backOff } from "#client/pause.ts";
import {
  type CallArguments,
  type CallOptions,
  type ClientOptions,
  type FeedEvent,
  isEnd,
  type OperationName,
  type OutputOf,
  type RunEvent,
} from "#client/types.ts";

/** A WebSocket to the gateway. It connects again by itself and goes on where it was. */
export interface Connection {
  /**
   * Calls an operation. A call that was under way when the connection broke is sent again under its idempotency key.
   * Throws `GoClawError`.
   */
  call<Name extends OperationName>(name: Name, ...args: CallArguments<Name>): Promise<OutputOf<Name>>;
  /** Yields the events of a run until its end, without gap or duplicate. */
  followRun(runId: string, options?: FollowOptions): AsyncGenerator<RunEvent>;
  /**
   * Yields what happens. An event `feed.reset` comes after each break of the connection: what is shown must be read
   * again.
   */
  events(options?: { readonly signal?: AbortSignal }): AsyncGenerator<FeedEvent>;
  /** Resolves when the caller is authenticated. Rejects if it is refused. */
  readonly ready: Promise<void>;
  /** Ends everything. Calls under way are rejected. */
  close(): void;
}

export interface ConnectionOptions {
  /** What is sent unasked: all that the caller may see (the default), what concerns its user, or nothing. */
  readonly feed?: "all" | "own" | "none";
  /** Called when the connection opens, and when it breaks and is being opened again. */
  readonly onChange?: (isOpen: boolean) => void;
}

interface PendingCall {
  readonly frame: string;
  readonly resolve: (payload: never) => void;
  readonly reject: (error: GoClawError) => void;
}

interface FollowedRun {
  readonly queue: EventQueue<RunEvent>;
  /** Where the run was read to. */
  cursor: string;
  /** False until the gateway begins at the cursor. What it sends unasked before that is left out. */
  isSubscribed: boolean;
}

interface ConnectAnswer {
  readonly ok: boolean;
  readonly error?: unknown;
  readonly payload?: PairingAnswer;
}

/** The gateway pings every half a minute. A connection without any answer to a call of `health` is taken for dead. */
const CHECK_MS = 45_000;
const ANSWER_MS = 15_000;

export const openConnection = (options: ClientOptions, connectionOptions: ConnectionOptions = {}): Connection =>
  new ReconnectingSocket(options, connectionOptions);

class ReconnectingSocket implements Connection {
  readonly ready: Promise<void>;
  readonly #options: ClientOptions;
  readonly #feed: string;
  readonly #onChange: (isOpen: boolean) => void;
  readonly #calls = new Map<string, PendingCall>();
  readonly #runs = new Map<string, FollowedRun>();
  readonly #readers = new Set<EventQueue<FeedEvent>>();
  readonly #opened = Promise.withResolvers<void>();
  #socket: Pick<WebSocket, "send" | "close"> | undefined;
  #isConnected = false;
  #hasConnected = false;
  #failures = 0;
  #lastId = 0;
  #heardAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #end: GoClawError | undefined;

  constructor(options: ClientOptions, { feed = "all", onChange = () => {} }: ConnectionOptions) {
    this.#options = options;
    this.#feed = feed;
    this.#onChange = onChange;
    this.ready = this.#opened.promise;
    // A program that never looks at `ready` gets the refusal from its calls.
    this.ready.catch(() => {});
    this.#open();
  }

  call<Name extends OperationName>(name: Name, ...args: CallArguments<Name>): Promise<OutputOf<Name>> {
    const [params = {}, { signal, idempotencyKey = crypto.randomUUID() } = {}]: [object?, CallOptions?] = args;
    return this.#call(name, params, idempotencyKey, signal);
  }

  async *followRun(runId: string, { signal, after = "" }: FollowOptions = {}): AsyncGenerator<RunEvent> {
    const followed: FollowedRun = { queue: new EventQueue(), cursor: after, isSubscribed: false };
    const stop = () => followed.queue.end(signal && aborted(signal));
    signal?.addEventListener("abort", stop);
    this.#runs.set(runId, followed);
    try {
      if (this.#isConnected) await this.#subscribe(runId, followed);
      for await (const event of followed.queue.read()) {
        yield event;
        if (isEnd(event)) return;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      // A later reader of the same run has taken its place, and needs the subscription.
      if (this.#runs.get(runId) === followed) {
        this.#runs.delete(runId);
        if (this.#isConnected) this.call("runs.unsubscribe", { run_id: runId }).catch(() => {});
      }
    }
  }

  async *events({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<FeedEvent> {
    const queue = new EventQueue<FeedEvent>();
    const stop = () => queue.end();
    signal?.addEventListener("abort", stop);
    this.#readers.add(queue);
    try {
      if (this.#end) throw this.#end;
      yield* queue.read();
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#readers.delete(queue);
    }
  }

  close(): void {
    this.#finish(connectionFailed(new Error("the connection was closed")));
  }

  #call<Answer>(method: string, params: object, idempotencyKey: string, signal?: AbortSignal): Promise<Answer> {
    if (this.#end) return Promise.reject(this.#end);
    if (signal?.aborted) return Promise.reject(aborted(signal));
    const id = String(++this.#lastId);
    const frame = JSON.stringify({ type: "req", id, method, params, idempotencyKey });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const cancel = () => {
      if (!this.#calls.delete(id)) return;
      if (this.#isConnected) this.#socket?.send(JSON.stringify({ type: "cancel", id }));
      if (signal) reject(aborted(signal));
    };
    signal?.addEventListener("abort", cancel);
    this.#calls.set(id, { frame, resolve, reject });
    if (this.#isConnected) this.#socket?.send(frame);
    return promise.finally(() => signal?.removeEventListener("abort", cancel));
  }

  #open(): void {
    const Socket = this.#options.WebSocket ?? WebSocket;
    const socket = new Socket(`${this.#options.url.replace(/^http/, "ws").replace(/\/+$/, "")}/ws`);
    this.#socket = socket;
    socket.onopen = () => socket.send(this.#connectFrame());
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = () => {
      if (this.#socket === socket) this.#lose();
    };
  }

  #connectFrame(): string {
    const { token, senderId: sender_id, userId: user_id, tenant: tenant_id, locale } = this.#options;
    const params = { token, sender_id, user_id, tenant_id, locale, feed: this.#feed, dialect: "operations" };
    return JSON.stringify({ type: "req", id: CONNECT, method: "connect", params });
  }

  #receive(data: string): void {
    this.#heardAt = Date.now();
    const frame = JSON.parse(data);
    if (frame.type === "event") this.#takeEvent(frame.event, frame.payload);
    else if (frame.id === CONNECT) this.#takeSession(frame);
    else {
      const call = this.#calls.get(frame.id);
      this.#calls.delete(frame.id);
      if (frame.ok) call?.resolve(frame.payload as never);
      else call?.reject(toError(frame.error, { requestId: frame.requestId }));
    }
  }

  /** The caller is authenticated, or refused. What was under way goes on. */
  #takeSession({ ok, error, payload }: ConnectAnswer): void {
    if (!ok) {
      const refusal = toError(error);
      if (refusal.retryable) this.#socket?.close();
      else this.#finish(refusal);
      return;
    }
    if (payload?.status === "pending_pairing") {
      this.#finish(pairingRequired(payload));
      return;
    }
    this.#isConnected = true;
    this.#failures = 0;
    if (this.#hasConnected) for (const reader of this.#readers) reader.push({ type: "feed.reset" });
    this.#hasConnected = true;
    for (const { frame } of this.#calls.values()) this.#socket?.send(frame);
    for (const [runId, followed] of this.#runs) {
      this.#subscribe(runId, followed).catch((refusal: unknown) => followed.queue.end(refusal));
    }
    this.#opened.resolve();
    this.#onChange(true);
    this.#watch();
  }

  /** Follows a run on the present connection. The next one begins anew where the run was read to. */
  async #subscribe(runId: string, followed: FollowedRun): Promise<void> {
    const id = `${SUBSCRIBE}${++this.#lastId}`;
    const { cursor } = followed;
    const params = { run_id: runId, ...(cursor !== "" && { after: cursor }) };
    const frame = JSON.stringify({ type: "req", id, method: "runs.subscribe", params });
    followed.isSubscribed = false;
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        followed.isSubscribed = true;
        resolve();
      };
      this.#calls.set(id, { frame, resolve: begin, reject });
      this.#socket?.send(frame);
    });
  }

  #takeEvent(type: string, payload: { readonly [field: string]: unknown } | null): void {
    if (type === "run") {
      const { run_id: runId, ...event } = payload ?? {};
      const followed = this.#runs.get(String(runId));
      if (followed?.isSubscribed) {
        followed.cursor = String(event.cursor);
        followed.queue.push(event as unknown as RunEvent);
      }
    }
    // Events of runs belong to those who follow the run, and to those who hear of everything.
    for (const reader of this.#readers)
      reader.push({ ...payload, type: type === "run" ? `run:${payload?.type}` : type });
  }

  /** Looks now and then whether the gateway still answers, because a lost network closes no socket. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const askedAt = Date.now();
      const isQuiet = askedAt - this.#heardAt >= CHECK_MS;
      if (!isQuiet) return this.#watch();
      this.#socket?.send(JSON.stringify({ type: "req", id: HEALTH, method: "health" }));
      this.#timer = setTimeout(() => {
        if (this.#heardAt >= askedAt) this.#watch();
        else this.#lose();
      }, ANSWER_MS);
    }, CHECK_MS);
  }

  /** The connection broke. Another one is opened after a while. */
  #lose(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (this.#isConnected) this.#onChange(false);
    this.#isConnected = false;
    socket?.close();
    for (const [id, { resolve }] of this.#calls) {
      if (!id.startsWith(SUBSCRIBE)) continue;
      this.#calls.delete(id);
      resolve(undefined as never);
    }
    for (const followed of this.#runs.values()) followed.isSubscribed = false;
    if (this.#end) return;
    this.#timer = setTimeout(() => this.#open(), backOff(this.#failures++));
  }

  #finish(error: GoClawError): void {
    if (this.#end) return;
    this.#end = error;
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
    for (const { queue } of this.#runs.values()) queue.end(error);
    for (const reader of this.#readers) reader.end(error);
    this.#opened.reject(error);
    this.#lose();
  }
}

const CONNECT = "connect";
const HEALTH = "health";
/** The ids of calls that are not sent again on another connection. */
const SUBSCRIBE = "subscribe-";
