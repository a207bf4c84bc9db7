import type { AnswerBody } from "#base/egress/answer-body.ts";
import { drain } from "#models/drain.ts";
import { toCallError } from "#models/failures/to-call-error.ts";
import type { ModelEvent, ModelRequest } from "#models/language-model.ts";
import { AnswerReader } from "#models/openai-chat/answer/answer-reader.ts";
import { ChatDecoder } from "#models/openai-chat/answer/chat-decoder.ts";
import { createThoughtSplitter } from "#models/openai-chat/answer/create-thought-splitter.ts";
import type { OpenAiChatOptions } from "#models/openai-chat/create-openai-chat-model.ts";
import { openAnswer } from "#models/openai-chat/open-answer.ts";
import { UsageWait } from "#models/usage-wait.ts";

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One model call as an async iterator. It is written by hand for speed: the events of one network chunk are decoded
 * together and returned without further waiting. Nested generators would wait once per event.
 */
export class ChatCall implements AsyncIterableIterator<ModelEvent, undefined> {
  readonly #options: OpenAiChatOptions;
  readonly #request: ModelRequest;
  readonly #signal: AbortSignal;
  readonly #onAlive: (() => void) | undefined;
  readonly #decoder: ChatDecoder;
  readonly #answer: AnswerReader;
  #body: AnswerBody | undefined;
  #wait: UsageWait | undefined;
  #events: readonly ModelEvent[] = [];
  #next = 0;
  #isOver = false;

  constructor(options: OpenAiChatOptions, request: ModelRequest, signal: AbortSignal, onAlive?: () => void) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
    this.#onAlive = onAlive;
    this.#decoder = new ChatDecoder({
      offered: new Set(request.tools.map(({ name }) => name)),
      thoughts: createThoughtSplitter(options.quirks, request.model),
    });
    this.#answer = new AnswerReader(this.#decoder);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next(): Promise<IteratorResult<ModelEvent, undefined>> {
    if (this.#signal.aborted && !this.#isOver) this.#fail(undefined);
    while (this.#next === this.#events.length) {
      if (this.#isOver) return OVER;
      await this.#advance();
    }
    const value = this.#events[this.#next++];
    return value === undefined ? OVER : { done: false, value };
  }

  /** Closes the connection to the provider if the caller stops before the finish. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#isOver) this.#body?.cancel();
    this.#isOver = true;
    this.#events = [];
    this.#next = 0;
    return OVER;
  }

  /** Reads the next bytes and queues their events. */
  async #advance(): Promise<void> {
    try {
      this.#body ??= await openAnswer(this.#options, this.#request, this.#signal);
      const bytes = await this.#read(this.#body);
      this.#signal.throwIfAborted();
      this.#onAlive?.();
      if (bytes !== undefined) this.#answer.push(bytes);
      else this.#takeRest();
      if (bytes === undefined || this.#decoder.isDone) this.#end(this.#body, bytes === undefined);
      else this.#show(this.#decoder.take());
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Parses a last line that has no line break. Ignores malformed trailing data if the answer is already complete. */
  #takeRest(): void {
    try {
      this.#answer.end();
    } catch (thrown) {
      if (!this.#decoder.hasStopped) throw thrown;
    }
  }

  /** Returns the next bytes, or undefined at the end. Once the model has stopped, it waits a limited time for usage. */
  #read(body: AnswerBody): Promise<Uint8Array | undefined> {
    this.#wait = this.#decoder.hasStopped ? (this.#wait ?? new UsageWait()) : undefined;
    return this.#wait?.read(() => body.read()) ?? body.read();
  }

  /** Ends the answer. `isRead` is false if the server's end mark came and a few bytes may follow it. */
  #end(body: AnswerBody, isRead: boolean): void {
    this.#decoder.end();
    this.#show(this.#decoder.take());
    this.#isOver = true;
    const close = () => body.cancel();
    if (isRead) close();
    else void drain({ readMore: async () => (await body.read()) !== undefined, close });
  }

  #show(events: readonly ModelEvent[]): void {
    this.#events = events;
    this.#next = 0;
  }

  /** Ends the call with an error. Events decoded before the failure are still returned, unless the caller aborted. */
  #fail(thrown: unknown): void {
    const decoded = this.#signal.aborted ? [] : this.#decoder.take();
    const error = toCallError(thrown, this.#signal);
    this.#show([...decoded, { type: "error", error, usage: this.#decoder.usage }]);
    this.#isOver = true;
    this.#body?.cancel();
  }
}
