import type { RunEvent } from "#client/types.ts";

/** How far a run was read. A run may come to a connection twice, unasked and asked for, so what is known is left out. */
export class RunPosition {
  #seq = 0;
  readonly #read = { "text.delta": 0, "reasoning.delta": 0 };
  /** Where the run is resumed. */
  cursor: string;

  constructor(after: string) {
    this.cursor = after;
    const [seq = "0", offset = "0"] = after.split(":");
    this.#seq = Number(seq);
    this.#read["text.delta"] = Number(offset);
  }

  /** Returns an event, or the part of it that is new. Returns undefined if all of it is known. */
  take(event: RunEvent): RunEvent | undefined {
    if (event.type === "tool.progress") return event;
    if (event.seq < this.#seq) return undefined;
    if (event.type !== "text.delta" && event.type !== "reasoning.delta") {
      if (event.seq === this.#seq) return undefined;
      this.#seq = event.seq;
      this.#read["text.delta"] = 0;
      this.#read["reasoning.delta"] = 0;
      this.cursor = event.cursor;
      return event;
    }
    const read = this.#read[event.type];
    const text = event.text.slice(Math.max(0, read - event.offset));
    if (text === "") return undefined;
    this.#read[event.type] = event.offset + event.text.length;
    this.cursor = event.cursor;
    return { ...event, offset: event.offset + event.text.length - text.length, text };
  }
}
