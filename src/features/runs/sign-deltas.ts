import type { Context } from "#core/context.ts";
import { LinkStream } from "#features/media/index.ts";
import { type FollowedEvent, formatCursor } from "#runtime/runs/index.ts";

type TextDelta = Extract<FollowedEvent["event"], { readonly type: "text.delta" }>;

/**
 * Signs the links to files in the pieces of a run's texts. A piece without a link passes at once, and a link is delivered
 * whole. Offsets and cursors count the characters of the stored text, which has no tokens. A cursor stands before what is
 * held back, so whoever resumes there gets the link whole too.
 */
export async function* signDeltas(ctx: Context, events: AsyncIterable<FollowedEvent>): AsyncGenerator<FollowedEvent> {
  let text: SignedText | undefined;
  for await (const followed of events) {
    const { event, before } = followed;
    if (event.type === "text.delta") {
      if (text?.messageId !== event.messageId) text = new SignedText(ctx, event.messageId, before);
      const signed = text.passes(event) ? followed : await text.push(event);
      if (signed) yield signed;
      continue;
    }
    // The text of a message that begins again is discarded.
    const rest = event.type === "message.reset" ? undefined : await text?.end();
    text = undefined;
    if (rest) yield rest;
    yield followed;
  }
}

/** The text of one message. */
class SignedText {
  readonly messageId: string;
  readonly #links: LinkStream;
  /** The piece with which the text begins that is held back. */
  #first: TextDelta | undefined;
  #last: TextDelta | undefined;

  constructor(ctx: Context, messageId: string, before: string | undefined) {
    this.messageId = messageId;
    this.#links = new LinkStream(ctx, before);
  }

  /** Returns true for a piece that is delivered as it is. */
  passes({ text }: TextDelta): boolean {
    return this.#links.passes(text);
  }

  async push(delta: TextDelta): Promise<FollowedEvent | undefined> {
    this.#first ??= delta;
    this.#last = delta;
    return this.#deliver(await this.#links.push(delta.text));
  }

  /** Returns what was held back. */
  async end(): Promise<FollowedEvent | undefined> {
    return this.#links.isHolding ? this.#deliver(await this.#links.end()) : undefined;
  }

  #deliver(text: string): FollowedEvent | undefined {
    const [first, last] = [this.#first, this.#last];
    if (text === "" || !first || !last) return undefined;
    const offset = last.offset + last.text.length - this.#links.heldLength;
    this.#first = this.#links.isHolding ? toRest(last, offset) : undefined;
    return { event: { ...first, text }, cursor: formatCursor({ seq: last.seq, offset }) };
  }
}

/** The first piece of a message alone says which model answers. */
const toRest = ({ answeredBy: _, ...delta }: TextDelta, offset: number): TextDelta => ({ ...delta, offset });
