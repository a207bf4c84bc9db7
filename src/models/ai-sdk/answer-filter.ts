import type { ReadableStreamDefaultController, ReadableStreamDefaultReader } from "node:stream/web";
import { isRecord, recordOf } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { CallNotes } from "#models/ai-sdk/call-notes.ts";
import { toModelError } from "#models/ai-sdk/to-model-error.ts";
import type { WireAnswer, WireEvent } from "#models/ai-sdk/wire-answer.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toReportedError } from "#models/failures/to-answer-error.ts";
import { isEndMark, SseParser } from "#models/sse-parser.ts";
import { UsageWait } from "#models/usage-wait.ts";

/**
 * A placeholder event that the SDK cannot parse, written after all earlier events. It makes the SDK's stream fail; the
 * real failure is in the call notes.
 */
const FAILED = null;

/**
 * Filters the bytes of an answer before the SDK parses them: enforces limits, repairs events and records failures in
 * the call notes. Reads only when the SDK reads. On a failure it closes the stream normally: an errored stream would
 * lose the events that the SDK has not yet read.
 */
export class AnswerFilter {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #answer: WireAnswer;
  readonly #notes: CallNotes;
  readonly #signal: AbortSignal;
  readonly #utf8 = new TextDecoder();
  readonly #sse = new SseParser((data) => this.#take(data));
  #form: "stream" | "document" | undefined;
  #document = "";
  #written = "";
  #isOver = false;
  #wait: UsageWait | undefined;

  constructor(body: ReadableStream<Uint8Array>, answer: WireAnswer, notes: CallNotes, signal: AbortSignal) {
    this.#reader = body.getReader();
    this.#answer = answer;
    this.#notes = notes;
    this.#signal = signal;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (this.#written === "" && !this.#isOver) await this.#advance();
    if (this.#written !== "") controller.enqueue(Buffer.from(this.#written));
    this.#written = "";
    if (this.#isOver) controller.close();
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  async #advance(): Promise<void> {
    try {
      const bytes = await this.#read();
      this.#notes.onAlive?.();
      if (bytes === undefined) this.#end();
      else this.#push(this.#utf8.decode(bytes, { stream: true }));
    } catch (thrown) {
      this.#notes.failure = toModelError(thrown, this.#notes);
      this.#write(FAILED);
      this.#close();
    }
  }

  /**
   * Returns the next bytes, or undefined at the end. Once the model has finished, it waits a limited time for usage and
   * ignores read failures, so the complete answer is kept.
   */
  async #read(): Promise<Uint8Array | undefined> {
    const next = async () => (await this.#reader.read()).value;
    if (!this.#answer.hasFinished) return next();
    this.#wait ??= new UsageWait();
    const bytes = await this.#wait.read(next);
    this.#signal.throwIfAborted();
    return bytes;
  }

  #push(text: string): void {
    this.#form ??= formOf(text);
    if (this.#form === "stream") this.#sse.push(text);
    if (this.#form === "document") this.#document += text;
    if (this.#document.length > LIMITS.modelErrorBody) throw malformed("the answer is no event stream");
  }

  #end(): void {
    if (this.#form === "document") throw toDocumentFailure(this.#document);
    this.#takeRest();
    const end = this.#answer.findMissingEnd();
    if (end) this.#write(end);
    this.#close();
  }

  /** Parses a last line that has no line break. Ignores malformed trailing data if the answer is already complete. */
  #takeRest(): void {
    try {
      this.#sse.end();
    } catch (thrown) {
      if (!this.#answer.hasFinished) throw thrown;
    }
  }

  #close(): void {
    this.#isOver = true;
    void this.#reader.cancel().catch(() => undefined);
  }

  /** Handles the data of one event. Returns false if the data is not valid JSON. */
  #take(data: string): boolean {
    if (isEndMark(data)) return true;
    const event = parse(data);
    if (event === undefined) return false;
    if (!isRecord(event)) throw malformed("an event of the stream is no object");
    const taken = this.#answer.take(event);
    if (event.error) throw toReported(event.error);
    if (taken) this.#write(taken);
    return true;
  }

  #write(event: WireEvent | typeof FAILED): void {
    this.#written += `data: ${JSON.stringify(event)}\n\n`;
  }
}

/**
 * Converts a JSON document that arrived instead of a stream into a failure. Google wraps its errors in a list with one
 * item.
 */
function toDocumentFailure(text: string): ModelFailure {
  const value = parse(text);
  const { error } = recordOf(Array.isArray(value) ? value[0] : value);
  return error ? toReported(error) : malformed("the answer is no event stream");
}

const toReported = (error: unknown) => new ModelFailure(toReportedError(error));

function formOf(text: string) {
  const first = text.trimStart()[0];
  if (first === undefined) return undefined;
  return first === "{" || first === "[" ? "document" : "stream";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
