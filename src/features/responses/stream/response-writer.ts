import type { describeFailure } from "#features/openai-runs/index.ts";
import { type ResponseHead, type ResponseState, statusOf, toResponse } from "#features/responses/output/to-response.ts";
import type { ResponseFailure } from "#features/responses/schema/response.ts";
import { EventSequence, type Numbering } from "#features/responses/stream/event-sequence.ts";
import { type OutputOptions, OutputWriter } from "#features/responses/stream/output-writer.ts";
import type { EventBody, LifecycleType, StreamEvent } from "#features/responses/stream/stream-events.ts";
import type { RunEvent, Sequenced } from "#runtime/runs/index.ts";

export interface WriterOptions extends Omit<OutputOptions, "sequence" | "write"> {
  readonly head: ResponseHead;
  readonly numbering: Numbering;
  /** Returns the failure that an event of the run reports. */
  readonly failureOf: (event: RunEvent) => ResponseFailure | undefined;
  readonly describe: (thrown: unknown) => ReturnType<typeof describeFailure>;
  /** Returns when the run ended. */
  readonly endedAt: () => Promise<Date>;
}

/** Writes the events of OpenAI's stream for the events of a run, in whatever order these come. Ends exactly once. */
export class ResponseWriter {
  readonly #options: WriterOptions;
  readonly #sequence: EventSequence;
  readonly #output: OutputWriter;
  #written: StreamEvent[] = [];
  #isStarted = false;
  #isOver = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#sequence = new EventSequence(options.numbering);
    this.#output = new OutputWriter({ ...options, sequence: this.#sequence, write: (body) => this.#write(body) });
  }

  /** True after the last event. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Returns the first events of the stream. */
  begin(): readonly StreamEvent[] {
    const status = this.#options.head.background ? "queued" : "in_progress";
    this.#writeResponse("response.created", { status });
    if (status === "queued") this.#writeResponse("response.queued", { status });
    else this.#start();
    return this.#take();
  }

  /** Returns the events of the stream that follow from an event of the run. */
  async take(event: Sequenced<RunEvent>): Promise<readonly StreamEvent[]> {
    if (this.#isOver) return [];
    switch (event.type) {
      case "run.started":
        this.#sequence.moveTo(event);
        this.#start();
        break;
      case "reasoning.delta":
        this.#start();
        await this.#output.addReasoning(event);
        break;
      case "text.delta":
        this.#start();
        await this.#output.addText(event);
        break;
      case "message.reset":
        this.#sequence.moveTo(event);
        await this.#output.abandon();
        break;
      case "message.completed":
        this.#start();
        this.#sequence.moveTo(event);
        await this.#output.complete(event.message);
        break;
      case "run.completed": {
        const status = statusOf(event.finish);
        await this.#end(event, `response.${status}`, { status, usage: event.usage, finish: event.finish });
        break;
      }
      case "run.failed": {
        const state = { status: "failed" as const, usage: event.usage, failure: this.#options.failureOf(event) };
        await this.#end(event, "response.failed", state);
        break;
      }
      case "run.cancelled":
        // OpenAI's parsers know no event of their own for this.
        await this.#end(event, "response.failed", { status: "cancelled", usage: event.usage });
        break;
    }
    return this.#take();
  }

  /** Returns the last event of a stream that breaks off. The response itself may go on. */
  fail(thrown: unknown): readonly StreamEvent[] {
    if (this.#isOver) return [];
    this.#isOver = true;
    const error = this.#options.describe(thrown);
    const { code, message, param } = error;
    // Some official clients read the failure flat, others in `error`.
    this.#write({ type: "error", code, message, param, error });
    return this.#take();
  }

  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#writeResponse("response.in_progress", { status: "in_progress" });
  }

  async #end(
    event: Sequenced<RunEvent>,
    type: LifecycleType,
    state: Omit<ResponseState, "output" | "endedAt">,
  ): Promise<void> {
    this.#sequence.moveTo(event);
    await this.#output.abandon();
    this.#isOver = true;
    this.#writeResponse(type, { ...state, endedAt: await this.#options.endedAt() });
  }

  #writeResponse(type: LifecycleType, state: Omit<ResponseState, "output">): void {
    const response = toResponse(this.#options.head, { ...state, output: this.#output.items });
    this.#write({ type, response });
  }

  #write(body: EventBody): void {
    this.#written.push(this.#sequence.number(body));
  }

  #take(): readonly StreamEvent[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }
}
