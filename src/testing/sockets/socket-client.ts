import type { TestGateway } from "#testing/test-gateway.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

export interface SocketEvent {
  readonly event: string;
  readonly seq: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read payloads of every shape
  readonly payload: any;
}

/** The refusal of a call. */
class RefusedCall extends Error {
  // biome-ignore lint/suspicious/noExplicitAny: tests read details of every shape
  readonly error: any;

  constructor(error: { readonly code: string; readonly message: string }) {
    super(`${error.code}: ${error.message}`);
    this.error = error;
  }
}

export interface SocketOptions {
  /** Absent means the gateway token. Null sends none. */
  readonly token?: string | null;
  readonly user?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** False opens the socket without a call of `connect`. */
  readonly connects?: boolean;
}

/** A client of protocol v3, for tests. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly events: SocketEvent[] = [];
  /** Every message that came, as it came. */
  readonly frames: string[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  readonly #calls = new Map<unknown, { resolve(value: any): void; reject(error: Error): void }>();
  readonly #waiting = new Set<() => void>();
  #lastId = 0;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    // Bun's WebSocket takes headers. Its type is the browser's.
    const options = { headers } as unknown as string[];
    this.socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws`, options);
    this.closed = new Promise((resolve) => {
      this.socket.addEventListener("close", ({ code, reason }) => {
        for (const { reject } of this.#calls.values()) reject(new Error(`the socket closed: ${code} ${reason}`));
        for (const wake of this.#waiting) wake();
        resolve({ code, reason });
      });
    });
    this.socket.addEventListener("message", ({ data }) => this.#receive(String(data)));
  }

  async opened(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.socket.addEventListener("open", () => resolve());
      this.socket.addEventListener("error", () => reject(new Error("the socket did not open")));
    });
    return this;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  call(method: string, params: unknown = {}, extra: object = {}): Promise<any> {
    const id = String(++this.#lastId);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#calls.set(id, { resolve, reject });
    this.send({ type: "req", id, method, params, ...extra });
    return promise;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Resolves to the first event that fits, also one that came before. */
  async event(fits: (event: SocketEvent) => boolean): Promise<SocketEvent> {
    for (;;) {
      const found = this.events.find(fits);
      if (found) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error("the socket closed before the event");
      await this.#nextFrame();
    }
  }

  /** Resolves to the first message that fits, also one that came before. */
  async frame(fits: (frame: string) => boolean): Promise<string> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      await this.#nextFrame();
    }
  }

  /** Returns the subtypes and payloads of the events `agent` of a run. */
  agentEvents(runId: string): SocketEvent["payload"][] {
    return this.events.filter(({ event, payload }) => event === "agent" && payload.runId === runId).map(payloadOf);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  async #nextFrame(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
  }

  #receive(text: string): void {
    this.frames.push(text);
    const frame = JSON.parse(text);
    if (frame.type === "event") this.events.push(frame);
    if (frame.type === "res") {
      const call = this.#calls.get(frame.id);
      this.#calls.delete(frame.id);
      if (frame.ok) call?.resolve(frame.payload);
      else call?.reject(new RefusedCall(frame.error));
    }
    for (const wake of this.#waiting) wake();
  }
}

const payloadOf = ({ payload }: SocketEvent) => payload;

/** Opens a socket to a gateway and connects as a user. */
export async function openSocket(
  gateway: Pick<TestGateway, "url" | "token">,
  { token = gateway.token, user = TEST_USER, params = {}, headers = {}, connects = true }: SocketOptions = {},
): Promise<SocketClient> {
  const client = await new SocketClient(gateway.url, headers).opened();
  if (connects) await client.call("connect", { ...(token !== null && { token }), user_id: user, ...params });
  return client;
}

/** Returns the error with which a call is refused. */
// biome-ignore lint/suspicious/noExplicitAny: tests read details of every shape
export const refused = (call: Promise<unknown>): Promise<any> =>
  call.then(
    () => {
      throw new Error("the call was not refused");
    },
    (thrown: unknown) => (thrown instanceof RefusedCall ? thrown.error : Promise.reject(thrown)),
  );
