import type { ServerResponse } from "node:http";
import { createAnthropicEncoder } from "#testing/model-server/anthropic-encoder.ts";
import type { RecordedRequest, ReplyToolCall, ReplyUsage } from "#testing/model-server/model-reply.ts";
import { createOpenAiEncoder } from "#testing/model-server/openai-encoder.ts";
import type { EncodedCall, Finish, WireEncoder } from "#testing/model-server/wire-encoder.ts";

let answers = 0;
let calls = 0;

/** One answer on its way to one client, streamed or collected into a document as the request asked. */
export class AnswerStream {
  readonly encoder: WireEncoder;
  readonly #request: RecordedRequest;
  readonly #response: ServerResponse;
  readonly #calls: EncodedCall[] = [];
  #text = "";
  #reasoning = "";
  #isStarted = false;

  constructor(request: RecordedRequest, response: ServerResponse) {
    const { body, wire } = request;
    const id = `${++answers}`;
    this.#request = request;
    this.#response = response;
    this.encoder =
      wire === "openai"
        ? createOpenAiEncoder(id, body.model, body.stream_options?.include_usage === true)
        : createAnthropicEncoder(id, body.model);
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

  /** Puts a line into the stream as it is. */
  raw(line: string): Promise<void> {
    return this.#write(() => `${line}\n\n`);
  }

  async finish(finish?: Finish, usage?: ReplyUsage | null): Promise<void> {
    const reason = finish ?? (this.#calls.length > 0 ? "tool_calls" : "stop");
    const counts = usage === undefined ? this.#estimateUsage() : usage;
    if (this.#request.body.stream === true) {
      await this.#write(() => this.encoder.finish(reason, counts));
      this.#response.end();
      return;
    }
    this.document(200, this.#whole(reason, counts));
  }

  /** Answers with a whole document. */
  document(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.#response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }

  /** Closes the connection in the middle of the answer. */
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

  async #write(encode: () => string): Promise<void> {
    if (this.isClosed || this.#request.body.stream !== true) return;
    const head = this.#isStarted ? "" : this.#start();
    const hasRoom = this.#response.write(head + encode());
    if (hasRoom) return;
    await new Promise<void>((resolve) => {
      this.#response.once("drain", resolve);
      this.#response.once("close", resolve);
    });
  }

  #start(): string {
    this.#isStarted = true;
    this.#response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    return this.encoder.start();
  }
}
