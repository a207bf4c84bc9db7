import type { Message } from "#runtime/transcript/index.ts";
import { textOf } from "#runtime/transcript/index.ts";

/** An event of a run as a client receives it. */
export interface WireEvent {
  readonly type: string;
  readonly seq: number;
  readonly cursor: string;
  readonly messageId?: string;
  readonly offset?: number;
  readonly text?: string;
  readonly message?: Message;
  readonly attempt?: number;
  readonly error?: { readonly code: string; readonly details?: { readonly reason?: string } };
}

export interface ReadOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** How the cursor is sent; `header` is `Last-Event-ID`. */
  readonly via?: "header" | "query";
  /** The client disconnects after this number of bytes. */
  readonly cutAfter?: number;
  /** The pause before each read of the socket, in milliseconds. */
  readonly pauseMs?: number;
}

const TERMINAL = ["run.completed", "run.failed", "run.cancelled"];

/**
 * A client of one run's event stream that can reconnect at any point. It records stream errors: missing, repeated or
 * unordered events, missing or repeated text, and messages that differ from their pieces.
 */
export class RunFollower {
  readonly runId: string;
  /** The stored events in the order of arrival. */
  readonly events: WireEvent[] = [];
  /** The text of each message, joined from its pieces. */
  readonly texts = new Map<string, string>();
  readonly problems: string[] = [];
  deltas = 0;
  cuts = 0;
  #cursor = "";
  #current: string | undefined;

  constructor(runId: string) {
    this.runId = runId;
  }

  get isOver(): boolean {
    return TERMINAL.includes(this.events.at(-1)?.type ?? "");
  }

  get cursor(): string {
    return this.#cursor;
  }

  /** The text of the unfinished message. Undefined if there is no unfinished message. */
  get currentText(): string | undefined {
    return this.#current === undefined ? undefined : (this.texts.get(this.#current) ?? "");
  }

  /**
   * Truncates the text of the unfinished message and moves the cursor back, like a client that lost what it had read.
   */
  rewind(length: number): void {
    const text = this.currentText;
    if (text === undefined || this.#current === undefined || length >= text.length) return;
    this.texts.set(this.#current, text.slice(0, length));
    const [seq = ""] = this.#cursor.split(":");
    this.#cursor = length > 0 ? `${seq}:${length}` : seq;
  }

  /** Connects at the cursor and reads until the run ends, `cutAfter` is reached, or the server closes the stream. */
  async read(url: string, { headers, via = "header", cutAfter = Infinity, pauseMs = 0 }: ReadOptions): Promise<void> {
    const disconnect = new AbortController();
    const query = via === "query" && this.#cursor !== "" ? `?after=${this.#cursor}` : "";
    const resume = via === "header" && this.#cursor !== "" ? { "Last-Event-ID": this.#cursor } : {};
    const response = await fetch(`${url}/v1/runs/${this.runId}/events${query}`, {
      headers: { ...headers, ...resume },
      signal: disconnect.signal,
      keepalive: false,
    });
    if (response.status !== 200) throw new Error(`the event stream answered ${response.status}`);
    const parser = new FrameParser();
    let bytesRead = 0;
    const body = response.body?.getReader();
    for (let chunk = await body?.read(); chunk && !chunk.done; chunk = await body?.read()) {
      const rest = cutAfter - bytesRead;
      const bytes = chunk.value.subarray(0, rest);
      bytesRead += bytes.byteLength;
      for (const frame of parser.push(bytes)) this.#take(frame);
      if (bytesRead >= cutAfter) {
        this.cuts++;
        disconnect.abort();
        return;
      }
      if (pauseMs > 0) await Bun.sleep(pauseMs);
    }
  }

  #take({ id, data }: Frame): void {
    const event = JSON.parse(data) as WireEvent;
    if (event.type === "error") return;
    if (id !== event.cursor) this.#addProblem(`the frame's id is ${id}, its cursor ${event.cursor}`);
    this.take(event);
  }

  /** Takes the next event, from whatever door it came. */
  take(event: WireEvent): void {
    if (event.type === "text.delta") this.#takeText(event);
    else if (event.type !== "reasoning.delta" && event.type !== "tool.progress") this.#takeStored(event);
    this.#cursor = event.cursor;
  }

  #takeText({ messageId = "", offset, text = "", seq }: WireEvent): void {
    this.deltas++;
    const before = this.texts.get(messageId) ?? "";
    if (offset !== before.length) this.#addProblem(`text at ${offset} came after ${before.length} characters`);
    if (seq !== this.events.at(-1)?.seq) this.#addProblem(`text of event ${seq} came after ${this.events.at(-1)?.seq}`);
    this.texts.set(messageId, before + text);
  }

  #takeStored(event: WireEvent): void {
    const last = this.events.at(-1)?.seq ?? 0;
    if (event.seq !== last + 1) this.#addProblem(`event ${event.seq} came after ${last}`);
    if (this.isOver) this.#addProblem(`${event.type} came after the end`);
    this.events.push(event);
    if (event.type === "message.started") this.#current = event.messageId;
    if (event.type === "message.reset") this.texts.delete(event.messageId ?? "");
    if (event.type === "message.completed" && event.message) this.#checkMessage(event.message);
    if (["message.reset", "message.completed", ...TERMINAL].includes(event.type)) this.#current = undefined;
  }

  #checkMessage({ id, parts }: Message): void {
    const whole = textOf(parts);
    const read = this.texts.get(id) ?? "";
    if (read !== whole) this.#addProblem(`the pieces of a message make ${read.length} characters of ${whole.length}`);
  }

  #addProblem(what: string): void {
    this.problems.push(`run ${this.runId}: ${what}`);
  }
}

interface Frame {
  readonly id: string;
  /** "" if the frame has no name. */
  readonly event: string;
  readonly data: string;
}

/** Splits a stream of bytes into complete frames. Omits comments. */
export class FrameParser {
  readonly #decoder = new TextDecoder();
  #text = "";

  push(bytes: Uint8Array): readonly Frame[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    const frames = this.#text.split("\n\n");
    this.#text = frames.pop() ?? "";
    return frames.filter((frame) => !frame.startsWith(":")).map(toFrame);
  }
}

function toFrame(text: string): Frame {
  const field = (name: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? "";
  return { id: field("id"), event: field("event"), data: field("data") };
}
