import type { AnswerBody } from "#base/egress/answer-body.ts";
import { drain } from "#models/drain.ts";
import { toCallError } from "#models/failures/to-call-error.ts";
import type { ModelEvent, ModelRequest } from "#models/language-model.ts";
import { AnswerReader } from "#models/openai-chat/answer-reader.ts";
import { ChatDecoder } from "#models/openai-chat/chat-decoder.ts";
import type { OpenAiChatOptions } from "#models/openai-chat/create-openai-chat-model.ts";
import { openAnswer } from "#models/openai-chat/open-answer.ts";
import { UsageWait } from "#models/usage-wait.ts";

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One model call as it is read. An iterator by hand: the events of one network chunk are decoded together and handed
 * out without another wait, which generators inside generators would need for each.
 */
export class ChatCall implements AsyncIterableIterator<ModelEvent, undefined> {
  readonly #options: OpenAiChatOptions;
  readonly #request: ModelRequest;
  readonly #signal: AbortSignal;
  readonly #decoder = new ChatDecoder();
  readonly #answer = new AnswerReader(this.#decoder);
  #body: AnswerBody | undefined;
  #wait: UsageWait | undefined;
  #events: readonly ModelEvent[] = [];
  #next = 0;
  #isOver = false;

  constructor(options: OpenAiChatOptions, request: ModelRequest, signal: AbortSignal) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
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

  /** Whoever stops reading before the finish closes the connection to the provider. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#isOver) this.#body?.cancel();
    this.#isOver = true;
    this.#events = [];
    this.#next = 0;
    return OVER;
  }

  /** Reads until there are events, or the last one. */
  async #advance(): Promise<void> {
    try {
      this.#body ??= await openAnswer(this.#options, this.#request, this.#signal);
      const bytes = await this.#read(this.#body);
      this.#signal.throwIfAborted();
      if (bytes !== undefined) this.#answer.push(bytes);
      else this.#takeRest();
      if (bytes === undefined || this.#decoder.isDone) this.#end(this.#body, bytes === undefined);
      else this.#show(this.#decoder.take());
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** What came without a last line break. A whole answer is not lost to what stands behind it. */
  #takeRest(): void {
    try {
      this.#answer.end();
    } catch (thrown) {
      if (!this.#decoder.hasFinished) throw thrown;
    }
  }

  /** The next bytes; undefined when no more come. Once the model has stopped, only its usage is waited for. */
  #read(body: AnswerBody): Promise<Uint8Array | undefined> {
    if (!this.#decoder.hasFinished || this.#decoder.hasGoneOn) return body.read();
    this.#wait ??= new UsageWait();
    return this.#wait.read(() => body.read());
  }

  #end(body: AnswerBody, isRead: boolean): void {
    this.#decoder.end();
    this.#show(this.#decoder.take());
    this.#isOver = true;
    if (isRead) return;
    const readMore = async () => (await body.read()) !== undefined;
    void drain({ readMore, close: () => body.cancel() });
  }

  #show(events: readonly ModelEvent[]): void {
    this.#events = events;
    this.#next = 0;
  }

  /** What was decoded before the failure is still handed out, unless the caller has left. */
  #fail(thrown: unknown): void {
    const decoded = this.#signal.aborted ? [] : this.#decoder.take();
    const error = toCallError(thrown, this.#signal);
    this.#show([...decoded, { type: "error", error, usage: this.#decoder.usage }]);
    this.#isOver = true;
    this.#body?.cancel();
  }
}
