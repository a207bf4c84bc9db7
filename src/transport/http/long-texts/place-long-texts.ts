import { nextTurn } from "#base/threads/next-turn.ts";
import { freeBytes } from "#transport/http/growing-bytes.ts";
import type { CutJson } from "#transport/http/long-texts/cut-long-texts.ts";

/** Others have the event loop after so many bytes. */
const TURN_BYTES = 4 * 1_024 * 1_024;

// A text may begin with U+FEFF, which stands for a byte order mark only at the start of a body.
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Puts the long texts of a JSON value back, and returns the value. Frees the bytes. */
export async function placeLongTexts({ value, texts, bytes }: CutJson): Promise<unknown> {
  const root = { value };
  let turn = TURN_BYTES;
  for (const { path, start, end } of texts) {
    place(root, ["value", ...path], UTF8.decode(bytes.subarray(start, end)));
    turn -= end - start;
    if (turn > 0) continue;
    await nextTurn();
    turn = TURN_BYTES;
  }
  freeBytes(bytes);
  return root.value;
}

function place(root: object, path: readonly string[], text: string): void {
  const key = path.at(-1) ?? "";
  const parent = path.slice(0, -1).reduce((value, step) => ownObject(value, step), root);
  // Assignment would set the prototype for the key `__proto__`.
  Object.defineProperty(parent, key, { value: text, writable: true, enumerable: true, configurable: true });
}

/** Returns an object that an object holds itself. A key may have the name of what every object inherits. */
const ownObject = (value: object, key: string): object => Object.getOwnPropertyDescriptor(value, key)?.value as object;
