import type { AnswerStream } from "#testing/model-server/answer-stream.ts";
import type { RecordedRequest, ReplyToolCall, ReplyUsage } from "#testing/model-server/model-reply.ts";
import type { Finish } from "#testing/model-server/wire-encoder.ts";

/** A model call that a test answers step by step. */
export class ManualCall {
  readonly #arrived = Promise.withResolvers<RecordedRequest>();
  readonly #aborted = Promise.withResolvers<void>();
  #answer: AnswerStream | undefined;

  /** Resolves with the request that this call answers. */
  get arrived(): Promise<RecordedRequest> {
    return this.#arrived.promise;
  }

  /** Resolves when the client disconnects before the answer is complete. */
  get aborted(): Promise<void> {
    return this.#aborted.promise;
  }

  send(text: string): Promise<void> {
    return this.#open.text(text);
  }

  reasoning(text: string): Promise<void> {
    return this.#open.reasoning(text);
  }

  toolCall(call: ReplyToolCall): Promise<void> {
    return this.#open.toolCall(call);
  }

  /** Writes a line into the stream unchanged. */
  raw(line: string): Promise<void> {
    return this.#open.raw(line);
  }

  finish(finish?: Finish, usage?: ReplyUsage | null): Promise<void> {
    return this.#open.finish(finish, usage);
  }

  cut(): void {
    this.#open.cut();
  }

  /** Called by the server. */
  begin(request: RecordedRequest, answer: AnswerStream): void {
    this.#answer = answer;
    this.#arrived.resolve(request);
  }

  /** Called by the server. */
  end(): void {
    this.#aborted.resolve();
  }

  get #open(): AnswerStream {
    if (this.#answer === undefined) throw new Error("no request has arrived for this call: await call.arrived");
    return this.#answer;
  }
}
