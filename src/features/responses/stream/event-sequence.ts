import type { EventBody, StreamEvent } from "#features/responses/stream/stream-events.ts";
import type { RunEvent, Sequenced } from "#runtime/runs/index.ts";

/**
 * How events are numbered. `counted` numbers are 0, 1, 2, and so on. `placed` numbers follow from the place in the run.
 * So all its readers get the same ones, however its text is cut into pieces.
 */
export type Numbering = "counted" | "placed";

/** The distance between the numbers of two stored events. It leaves room for the text between them. */
const STORED = 1_000_000;
/** The text of a message comes after its reasoning. */
const TEXT = STORED / 2;
/** Room for the events that open an item before its first piece. */
const OPENING = 10;
const LAST = TEXT - 100;

/** Gives events rising numbers. */
export class EventSequence {
  readonly #isPlaced: boolean;
  #last = -1;
  #floor = 0;

  constructor(numbering: Numbering) {
    this.#isPlaced = numbering === "placed";
  }

  /** Moves to a stored event of the run. */
  moveTo({ seq }: Pick<Sequenced<RunEvent>, "seq">): void {
    this.#floor = seq * STORED;
  }

  /** Moves to where the text, or the reasoning, of the message begins that the event `seq` started. */
  moveToBeginning(seq: number, part: "text" | "reasoning"): void {
    this.#floor = beginningOf(seq, part);
  }

  /** Moves to the end of a piece, `offset` UTF-16 code units after the beginning. */
  moveToOffset(seq: number, part: "text" | "reasoning", offset: number): void {
    this.#floor = beginningOf(seq, part) + OPENING + Math.min(offset, LAST);
  }

  /** Returns how many code units a reader has that has read up to the event of a number. */
  offsetAt(seq: number, part: "text" | "reasoning", number: number): number {
    return this.#isPlaced ? Math.max(0, number - beginningOf(seq, part) - OPENING) : 0;
  }

  number(body: EventBody): StreamEvent {
    this.#last = Math.max(this.#last + 1, this.#isPlaced ? this.#floor : 0);
    return { ...body, sequence_number: this.#last };
  }
}

const beginningOf = (seq: number, part: "text" | "reasoning"): number => seq * STORED + (part === "text" ? TEXT : 1);
