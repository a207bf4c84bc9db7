import { randomHex } from "#base/random-hex.ts";
import { piecesOf } from "#base/texts/cut-text.ts";
import type { LateText } from "#base/texts/late-text.ts";

/** The length of a piece in UTF-16 code units. Short pieces leave less garbage behind, see `countGarbage`. */
export const PIECE = 32 * 1_024;

/** A piece of a JSON text: JSON as it is, or a part of a text whose characters are not escaped yet. */
export type JsonPiece = string | { readonly text: string };

/** Long texts of a value, kept apart from its JSON text. There, a short name stands for each. */
export class TextsApart {
  /** Nobody can guess the names, so no text of a caller is taken for one. */
  readonly #secret = randomHex(16);
  readonly #texts: (string | LateText)[] = [];

  /** Keeps a text and returns its name. */
  add(text: string | LateText): string {
    this.#texts.push(text);
    return `${this.#secret}${this.#texts.length - 1};`;
  }

  /** Yields a JSON text with the texts in place of their names, as many times as it has them. */
  *fill(json: string): Generator<JsonPiece> {
    const [first = "", ...others] = json.split(this.#secret);
    yield first;
    for (const other of others) {
      const end = other.indexOf(";");
      const text = this.#texts[Number(other.slice(0, end))] ?? "";
      for (const part of typeof text === "string" ? [text] : text.pieces()) {
        for (const piece of piecesOf(part, PIECE)) yield { text: piece };
      }
      yield other.slice(end + 1);
    }
  }
}
