import { BETWEEN_TEXTS } from "#features/openai-messages/index.ts";
import {
  hasText,
  type ReasoningView,
  toOutputItems,
  toOutputText,
} from "#features/responses/output/to-output-items.ts";
import { toMessageItemId, toReasoningItemId } from "#features/responses/response-ids.ts";
import type { FunctionCall, OutputItem, OutputMessage, Reasoning } from "#features/responses/schema/response.ts";
import type { EventSequence } from "#features/responses/stream/event-sequence.ts";
import { ShownText, type TextFilter } from "#features/responses/stream/shown-text.ts";
import type { EventBody } from "#features/responses/stream/stream-events.ts";
import type { DeltaEvent, Sequenced } from "#runtime/runs/index.ts";
import { type Message, textOf } from "#runtime/transcript/index.ts";

export interface OutputOptions {
  readonly reasoning: ReasoningView;
  /** The number of the last event that the reader has. A piece of text that goes beyond it is cut there. */
  readonly after: number;
  readonly createFilter: () => TextFilter;
  /** Returns a message as it is delivered. */
  readonly deliver: (message: Message) => Promise<Message>;
  readonly sequence: EventSequence;
  readonly write: (body: EventBody) => void;
}

type Delta<Type extends DeltaEvent["type"]> = Sequenced<Extract<DeltaEvent, { type: Type }>>;

/** An item that is not complete yet. */
interface OpenItem {
  readonly id: string;
  readonly index: number;
  readonly text: ShownText;
}

/**
 * Writes the events of the items of an output while they grow. An item that turns out not to be a part of the output
 * ends as incomplete.
 */
export class OutputWriter {
  readonly #options: OutputOptions;
  readonly #sequence: EventSequence;
  #items: readonly OutputItem[] = [];
  #nextIndex = 0;
  #messageId: string | undefined;
  #reasoning: OpenItem | undefined;
  #hasReasoned = false;
  #text: OpenItem | undefined;
  /** What separates the open text from the one before, until it is shown. */
  #separator = "";

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#sequence = options.sequence;
  }

  /** The complete items. */
  get items(): readonly OutputItem[] {
    return this.#items;
  }

  async addReasoning(event: Delta<"reasoning.delta">): Promise<void> {
    const { showsSummary, seal } = this.#options.reasoning;
    if (!showsSummary && !seal) return;
    await this.#beginMessage(event.messageId);
    if (this.#hasReasoned) return;
    this.#sequence.moveToBeginning(event.seq, "reasoning");
    this.#reasoning ??= this.#openReasoning(toReasoningItemId(event.messageId));
    for (const { piece, end } of this.#cut(event, "reasoning")) {
      const delta = await this.#reasoning.text.push(piece);
      if (!showsSummary || delta === "") continue;
      this.#sequence.moveToOffset(event.seq, "reasoning", end);
      this.#write({ type: "response.reasoning_summary_text.delta", ...summaryPlace(this.#reasoning), delta });
    }
  }

  async addText(event: Delta<"text.delta">): Promise<void> {
    await this.#beginMessage(event.messageId);
    this.#sequence.moveToBeginning(event.seq, "text");
    // Sealed reasoning is complete only when its message is.
    if (!this.#options.reasoning.seal) await this.#endReasoning();
    this.#text ??= this.#openText(toMessageItemId(event.messageId));
    for (const { piece, end } of this.#cut(event, "text")) {
      // What is held back now comes with a later piece, for every reader at the same place.
      const delta = await this.#text.text.push(piece);
      this.#sequence.moveToOffset(event.seq, "text", end);
      this.#writeTextDelta(this.#text, delta);
    }
  }

  /** Cuts a delta where its reader stopped, because another reader gets other pieces. */
  #cut({ seq, offset, text }: Delta<DeltaEvent["type"]>, part: "text" | "reasoning") {
    const read = this.#sequence.offsetAt(seq, part, this.#options.after) - offset;
    const at = Math.min(Math.max(0, read), text.length);
    return [
      { piece: text.slice(0, at), end: offset + at },
      { piece: text.slice(at), end: offset + text.length },
    ];
  }

  /** Completes the items of a message, whether or not its pieces came before. */
  async complete(stored: Message): Promise<void> {
    await this.#beginMessage(stored.id);
    const message = await this.#options.deliver(stored);
    const items = toOutputItems(message, this.#options.reasoning, hasText(this.#items));
    for (const item of items) {
      switch (item.type) {
        case "reasoning":
          if (!this.#hasReasoned) await this.#finishReasoning(item);
          break;
        case "message":
          await this.#finishText(item, textOf(stored.parts));
          break;
        case "function_call":
          this.#writeCall(item);
          break;
      }
    }
    await this.abandon();
  }

  /** Ends the open items of a message that will not be completed. They are no part of the output. */
  async abandon(): Promise<void> {
    const [reasoning, text] = [this.#reasoning, this.#text];
    this.#reasoning = undefined;
    this.#text = undefined;
    this.#messageId = undefined;
    this.#hasReasoned = false;
    if (reasoning) {
      const summary = [{ type: "summary_text" as const, text: reasoning.text.shown }];
      this.#writeItem("done", reasoning, { type: "reasoning", id: reasoning.id, summary, status: "incomplete" });
    }
    if (!text) return;
    this.#writeTextDelta(text, await text.text.end());
    const content = [toOutputText(text.text.shown)];
    const item = { type: "message" as const, id: text.id, role: "assistant" as const, content };
    this.#closeText(text, { ...item, status: "incomplete" });
    this.#writeItem("done", text, { ...item, status: "incomplete" });
  }

  /** Ends what is open of another message. */
  async #beginMessage(messageId: string): Promise<void> {
    if (this.#messageId === messageId) return;
    await this.abandon();
    this.#messageId = messageId;
  }

  #writeTextDelta(item: OpenItem, delta: string): void {
    if (delta === "") return;
    item.text.prepend(this.#separator);
    const place = contentPlace(item);
    this.#write({ type: "response.output_text.delta", ...place, delta: this.#separator + delta, logprobs: [] });
    this.#separator = "";
  }

  #openReasoning(id: string): OpenItem {
    const item = { id, index: this.#nextIndex++, text: new ShownText() };
    const { showsSummary } = this.#options.reasoning;
    this.#writeItem("added", item, { type: "reasoning", id, summary: [], status: "in_progress" });
    if (showsSummary) {
      const part = { type: "summary_text" as const, text: "" };
      this.#write({ type: "response.reasoning_summary_part.added", ...summaryPlace(item), part });
    }
    return item;
  }

  /** Ends the reasoning of which everything has arrived. */
  async #endReasoning(): Promise<void> {
    if (!this.#reasoning) return;
    const { id, text } = this.#reasoning;
    await text.end();
    const summary = [{ type: "summary_text" as const, text: text.shown }];
    await this.#finishReasoning({ type: "reasoning", id, summary, status: "completed" });
  }

  async #finishReasoning(item: Reasoning): Promise<void> {
    const open = this.#reasoning ?? this.#openReasoning(item.id);
    this.#reasoning = undefined;
    this.#hasReasoned = true;
    if (this.#options.reasoning.showsSummary) {
      const part = item.summary[0] ?? { type: "summary_text", text: open.text.shown };
      const place = summaryPlace(open);
      if (open.text.raw === "" && part.text !== "")
        this.#write({ type: "response.reasoning_summary_text.delta", ...place, delta: part.text });
      this.#write({ type: "response.reasoning_summary_text.done", ...place, text: part.text });
      this.#write({ type: "response.reasoning_summary_part.done", ...place, part });
    }
    this.#keep(open, item);
  }

  #openText(id: string): OpenItem {
    const item = { id, index: this.#nextIndex++, text: new ShownText(this.#options.createFilter()) };
    this.#separator = hasText(this.#items) ? BETWEEN_TEXTS : "";
    this.#writeItem("added", item, { type: "message", id, role: "assistant", status: "in_progress", content: [] });
    this.#write({ type: "response.content_part.added", ...contentPlace(item), part: toOutputText("") });
    return item;
  }

  /** `raw` is the stored text of the item, as it arrived. */
  async #finishText(item: OutputMessage, raw: string): Promise<void> {
    const open = this.#text ?? this.#openText(item.id);
    const missing = raw.startsWith(open.text.raw) ? raw.slice(open.text.raw.length) : "";
    this.#writeTextDelta(open, (await open.text.push(missing)) + (await open.text.end()));
    this.#text = undefined;
    const whole = open.text.raw === raw ? { ...item, content: [toOutputText(open.text.shown)] } : item;
    this.#closeText(open, whole);
    this.#keep(open, whole);
  }

  #closeText(open: OpenItem, { content: [part = toOutputText("")] }: OutputMessage): void {
    const place = contentPlace(open);
    this.#write({ type: "response.output_text.done", ...place, text: part.text, logprobs: [] });
    this.#write({ type: "response.content_part.done", ...place, part });
  }

  #writeCall(item: FunctionCall): void {
    const { id, name, arguments: json } = item;
    const index = this.#nextIndex++;
    const place = { item_id: id, output_index: index };
    this.#writeItem("added", { index }, { ...item, arguments: "", status: "in_progress" });
    if (json !== "") this.#write({ type: "response.function_call_arguments.delta", ...place, delta: json });
    this.#write({ type: "response.function_call_arguments.done", ...place, name, arguments: json });
    this.#keep({ index }, item);
  }

  #keep(open: Pick<OpenItem, "index">, item: OutputItem): void {
    this.#items = [...this.#items, item];
    this.#writeItem("done", open, item);
  }

  #writeItem(what: "added" | "done", { index }: Pick<OpenItem, "index">, item: OutputItem): void {
    this.#write({ type: `response.output_item.${what}`, output_index: index, item });
  }

  #write(body: EventBody): void {
    this.#options.write(body);
  }
}

const contentPlace = ({ id, index }: OpenItem) => ({ item_id: id, output_index: index, content_index: 0 });
const summaryPlace = ({ id, index }: OpenItem) => ({ item_id: id, output_index: index, summary_index: 0 });
