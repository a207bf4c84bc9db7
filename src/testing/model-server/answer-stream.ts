import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { createAnthropicEncoder } from "#testing/model-server/anthropic-encoder.ts";
import { createGoogleEncoder } from "#testing/model-server/google-encoder.ts";
import type { RecordedRequest, ReplyToolCall, ReplyUsage } from "#testing/model-server/model-reply.ts";
import { createOpenAiEncoder } from "#testing/model-server/openai-encoder.ts";
import type { EncodedCall, Finish, WireEncoder, WireUsage } from "#testing/model-server/wire-encoder.ts";

let answers = 0;
let calls = 0;

/** One answer to one client. It is streamed, or collected into a document, as requested. */
export class AnswerStream {
  readonly encoder: WireEncoder;
  readonly #request: RecordedRequest;
  readonly #response: ServerResponse;
  readonly #calls: EncodedCall[] = [];
  #text = "";
  #reasoning = "";
  #isStarted = false;
  #initialUsage: ReplyUsage | null | undefined;

  constructor(request: RecordedRequest, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.encoder = createEncoder(`${++answers}`, request);
  }

  /** Sets the usage that the first event may report. If undefined, it is estimated. */
  setInitialUsage(usage: ReplyUsage | null | undefined): void {
    this.#initialUsage = usage;
  }

  text(delta: string): Promise<void> {
    this.#text += delta;
    return this.#write(() => this.encoder.text(delta));
  }

  reasoning(delta: string): Promise<void> {
    this.#reasoning += delta;
    return this.#write(() => this.encoder.reasoning(delta));
  }

  toolCall(call: ReplyToolCall): Promise<void> {
    const text = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments ?? {});
    const encoded = { id: call.id ?? `call_${++calls}`, name: call.name, arguments: text };
    this.#calls.push(encoded);
    return this.#write(() => this.encoder.toolCall(encoded));
  }

  /** Writes a line into the stream unchanged. */
  raw(line: string): Promise<void> {
    return this.#write(() => `${line}\n\n`);
  }

  async finish(finish?: Finish, usage?: ReplyUsage | null): Promise<void> {
    const counts = usage === undefined ? this.#estimateUsage() : usage;
    if (!this.#request.isStream) return this.document(200, this.#whole(this.#reason(finish), counts));
    await this.stop(finish, counts === null ? [] : [{ counts }]);
    await this.#write(() => this.encoder.end());
    this.close();
  }

  /** Streams the finish reason and the usage. The caller must close the answer. */
  async stop(finish: Finish | undefined, usages: readonly WireUsage[]): Promise<void> {
    await this.#write(() => this.encoder.finish(this.#reason(finish), usages));
  }

  close(): void {
    this.#response.end();
  }

  /** Sends bytes unchanged. Each piece arrives separately. */
  async bytes(piece: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.isClosed) return;
    if (!this.#isStarted) this.#writeHead(headers);
    await this.#send(piece);
    await setImmediate();
  }

  /** Sends only the status and the headers. */
  async head(): Promise<void> {
    this.#writeHead({});
    this.#response.flushHeaders();
    await setImmediate();
  }

  /** Answers with a complete document. */
  document(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.#response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }

  /** Breaks the connection before the end of the answer. */
  cut(): void {
    this.#response.socket?.destroy();
  }

  get isClosed(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  #whole(finish: Finish, usage: ReplyUsage | null): unknown {
    return this.encoder.whole({ text: this.#text, reasoning: this.#reasoning, calls: this.#calls, finish, usage });
  }

  #estimateUsage(): ReplyUsage {
    const input = this.#request.messages.reduce((sum, { text }) => sum + text.length, 0);
    const output = this.#text.length + this.#reasoning.length + JSON.stringify(this.#calls).length;
    return { input: Math.ceil(input / 4), output: Math.ceil(output / 4) };
  }

  #reason(finish: Finish | undefined): Finish {
    return finish ?? (this.#calls.length > 0 ? "tool_calls" : "stop");
  }

  async #write(encode: () => string): Promise<void> {
    if (this.isClosed || !this.#request.isStream) return;
    const head = this.#isStarted ? "" : this.#start();
    await this.#send(head + encode());
  }

  async #send(piece: string | Uint8Array): Promise<void> {
    const hasRoom = this.#response.write(piece);
    if (hasRoom || this.isClosed) return;
    await new Promise<void>((resolve) => {
      this.#response.once("drain", resolve);
      this.#response.once("close", resolve);
    });
  }

  #start(): string {
    this.#writeHead({});
    return this.encoder.start(this.#initialUsage === undefined ? this.#estimateUsage() : this.#initialUsage);
  }

  #writeHead(headers: Readonly<Record<string, string>>): void {
    this.#isStarted = true;
    this.#response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", ...headers });
  }
}

function createEncoder(id: string, { wire, body, path }: RecordedRequest): WireEncoder {
  switch (wire) {
    case "openai":
      return createOpenAiEncoder(id, body.model, body.stream_options?.include_usage === true);
    case "anthropic":
      return createAnthropicEncoder(id, body.model);
    case "google":
      return createGoogleEncoder(id, /models\/([^:]+):/.exec(path)?.[1] ?? "");
  }
}
