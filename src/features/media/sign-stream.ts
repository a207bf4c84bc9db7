import type { Context } from "#core/context.ts";
import { signLinks } from "#features/media/sign-links.ts";

/** What may be a link that is not complete yet. */
const OPEN_LINK = /(?<![\w./:@%~-])\/[^\s)"'<>]*$/;
const BEGINNINGS = ["/v1/files/", "/v1/media/"];
/** A longer word is no link. */
const MAX_HELD_CHARS = 4_096;

/** Signs the links in a text that comes piece by piece. Holds back a link until it is complete, and nothing else. */
export class LinkStream {
  readonly #ctx: Context;
  #held = "";
  /** The last character before what is held, because a link begins a word. */
  #before = "";

  /** `before` is the character before the text, if the text is the rest of another one. */
  constructor(ctx: Context, before = "") {
    this.#ctx = ctx;
    this.#before = before;
  }

  /** Takes a piece that cannot belong to a link, as nearly all pieces. Returns false for one that must be pushed. */
  passes(piece: string): boolean {
    if (this.isHolding || piece.includes("/")) return false;
    this.#before = piece.at(-1) ?? this.#before;
    return true;
  }

  /** True while `end` would return something. */
  get isHolding(): boolean {
    return this.heldLength > 0;
  }

  /** The length of the text that is held back, as it came. */
  get heldLength(): number {
    return this.#held.length;
  }

  /** Returns what of the text so far can be delivered. */
  async push(piece: string): Promise<string> {
    const text = this.#held + piece;
    const end = text.length - this.#openLength(text);
    this.#held = text.slice(end);
    return this.#sign(text.slice(0, end));
  }

  /** Returns the rest of the text. */
  async end(): Promise<string> {
    const rest = this.#held;
    this.#held = "";
    return this.#sign(rest);
  }

  #openLength(text: string): number {
    const open = OPEN_LINK.exec(this.#before + text.slice(-MAX_HELD_CHARS))?.[0] ?? "";
    const mayBeLink = BEGINNINGS.some((beginning) => open.startsWith(beginning) || beginning.startsWith(open));
    return mayBeLink && open.length < MAX_HELD_CHARS ? open.length : 0;
  }

  async #sign(text: string): Promise<string> {
    const before = this.#before;
    this.#before = text.at(-1) ?? before;
    if (!text.includes("/v1/")) return text;
    const [signed = text] = await signLinks(this.#ctx, [before + text]);
    return signed.slice(before.length);
  }
}
