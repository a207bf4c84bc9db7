import type { CutJson, JsonPath } from "#transport/http/long-texts/cut-long-texts.ts";

/** Puts the long texts of a JSON value back, and returns the value. */
export function placeLongTexts({ value, paths, texts }: CutJson): unknown {
  const root = { value };
  for (const [index, text] of texts.entries()) place(root, ["value", ...(paths[index] ?? [])], text);
  return root.value;
}

function place(root: object, path: JsonPath, text: string): void {
  const key = path.at(-1) ?? "";
  const parent = path.slice(0, -1).reduce((value, step) => ownObject(value, step), root);
  // Assignment would set the prototype for the key `__proto__`.
  Object.defineProperty(parent, key, { value: text, writable: true, enumerable: true, configurable: true });
}

/** Returns an object that an object holds itself. A key may have the name of what every object inherits. */
const ownObject = (value: object, key: string): object => Object.getOwnPropertyDescriptor(value, key)?.value as object;
