import { type Clock, elapsedOf } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import type { Locale } from "#base/i18n/translate.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Credentials } from "#core/access/authenticate.ts";
import type { RightsWatch } from "#core/access/live-rights.ts";
import type { Reach } from "#core/call-options.ts";
import type { Principal } from "#core/context.ts";
import type { ConnectInput } from "#core/live/connect-input.ts";
import type { LogEntry, LogFeed, LogLevel } from "#core/live/log-feed.ts";
import type { Dialect } from "#core/live/run-feed.ts";
import type { CallId } from "#transport/websocket/frames.ts";
import { Outbox } from "#transport/websocket/outbox.ts";
import { ShownRuns, tooManyShown } from "#transport/websocket/shown-runs.ts";

/** The part of Bun's WebSocket that a connection uses. */
export interface Socket {
  send(text: string): unknown;
  getBufferedAmount(): number;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** The codes of RFC 6455, 7.4 with which the gateway closes connections. */
export const CLOSE = { goingAway: 1_001, refused: 1_008, tryAgainLater: 1_013 } as const;

/** Who is connected, and what is sent to it unasked. It begins with the call `connect`. */
export interface Session {
  readonly credentials: Credentials;
  /** Renewed with every check of the caller's rights. */
  principal: Principal;
  readonly dialect: Dialect;
  readonly feed: ConnectInput["feed"];
  readonly rights: RightsWatch;
}

export interface ConnectionFacts {
  readonly clientIp: string;
  /** The language that the handshake asked for. `connect` may choose another one. */
  readonly locale: Locale;
  /** The token of the handshake, for clients that can send headers. */
  readonly bearer: string | undefined;
  /** How the handshake came, with the cookie of a browser that is signed in. */
  readonly reach: Reach;
}

/** A call in progress. */
export interface OpenCall {
  readonly id: CallId;
  readonly stop: AbortController;
}

/** One connection with its session, its calls in progress and the runs that it follows. */
export class SocketConnection {
  readonly id = newId();
  readonly facts: ConnectionFacts;
  readonly openedAt: Date;
  readonly outbox: Outbox;
  readonly runs: ShownRuns;
  /** The keys of the sessions whose runs are shown as they begin. */
  readonly sessions = new Set<string>();
  locale: Locale;
  session: Session | undefined;
  /** Resolves when no `connect` is in progress. Other calls wait for it. */
  handshake: Promise<unknown> = Promise.resolve();
  readonly #socket: Socket;
  readonly #clock: Clock;
  /** Until then, the client may be a stranger. */
  #strangerUntil: number;
  /** Created when a call first asks for it. Most connections are idle. */
  #gone: AbortController | undefined;
  #isGone = false;
  readonly #calls = new Set<OpenCall>();
  /** The latest call of each family of methods that changes something. The next one waits until it is stored. */
  readonly #writes = new Map<string, Promise<void>>();
  #behindSince: number | undefined;
  #endLog: (() => void) | undefined;
  #isClosing = false;

  constructor(socket: Socket, facts: ConnectionFacts, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.facts = facts;
    this.locale = facts.locale;
    this.openedAt = clock.now();
    this.#strangerUntil = elapsedOf(clock) + LIMITS.socketConnect;
    this.outbox = new Outbox(socket, () => this.close(CLOSE.tryAgainLater, "the client reads too slowly"));
    this.runs = new ShownRuns(this.outbox);
  }

  /** Aborts when the connection ends. */
  get disconnected(): AbortSignal {
    this.#gone ??= new AbortController();
    if (this.#isGone) this.#gone.abort();
    return this.#gone.signal;
  }

  /** Throws RESOURCE_EXHAUSTED if too many calls are in progress. */
  beginCall(id: CallId): OpenCall {
    if (this.#calls.size >= LIMITS.socketCalls) {
      const params = { max: LIMITS.socketCalls };
      const options = { reason: "too_many_calls", retryAfterMs: 1_000 };
      throw new AppError("RESOURCE_EXHAUSTED", "error.too_many_calls", params, options);
    }
    const call = { id, stop: new AbortController() };
    this.#calls.add(call);
    return call;
  }

  endCall(call: OpenCall): void {
    this.#calls.delete(call);
  }

  cancelCall(id: CallId): void {
    for (const call of this.#calls) if (call.id === id) call.stop.abort();
  }

  /**
   * Waits for the earlier writes of a family of methods, such as `chat`, so that a client need not wait between two
   * calls. Returns the function that lets the next one begin.
   */
  async takeTurn(family: string): Promise<() => void> {
    const earlier = this.#writes.get(family);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writes.set(family, promise);
    await earlier;
    return () => {
      resolve();
      if (this.#writes.get(family) === promise) this.#writes.delete(family);
    };
  }

  /** Throws RESOURCE_EXHAUSTED if the connection follows too many sessions. */
  showSession(key: string): void {
    if (this.sessions.size >= LIMITS.socketRuns) throw tooManyShown();
    this.sessions.add(key);
  }

  /** Sends lines of the log while the client keeps up with them. A line of our own ends the latest ones. */
  showLog(feed: LogFeed, level: LogLevel): void {
    this.hideLog();
    const send = (entry: LogEntry) => {
      if (!this.outbox.isBehind) this.outbox.sendEvent("log", JSON.stringify(entry));
    };
    this.#endLog = feed.subscribe(level, send);
    send({ timestamp: this.#clock.now().getTime(), level: "info", message: "tailing started" });
  }

  keepOpen(milliseconds: number): void {
    this.#strangerUntil = Math.max(this.#strangerUntil, elapsedOf(this.#clock) + milliseconds);
  }

  hideLog(): void {
    this.#endLog?.();
    this.#endLog = undefined;
  }

  handleDrain(): void {
    this.#behindSince = undefined;
    this.outbox.handleDrain();
  }

  /** Called every second. Closes connections that do not authenticate, or whose client stopped reading. */
  check(): void {
    const now = elapsedOf(this.#clock);
    if (this.#isClosing) this.#socket.terminate();
    else if (!this.session && now > this.#strangerUntil) {
      this.close(CLOSE.refused, "no call of connect in time");
    } else if (this.outbox.bytesBehind === 0) this.#behindSince = undefined;
    else {
      this.#behindSince ??= now;
      if (now - this.#behindSince > LIMITS.readerStall) {
        this.close(CLOSE.tryAgainLater, "the client stopped reading");
      }
    }
  }

  /** Closes the connection. What the client does not read within a second is dropped. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.close(code, reason);
  }

  /** Called when the socket is closed. */
  handleClose(): void {
    this.#isGone = true;
    this.#gone?.abort();
    this.session?.rights.end();
    this.runs.hideAll();
    this.hideLog();
    this.outbox.close();
  }
}
