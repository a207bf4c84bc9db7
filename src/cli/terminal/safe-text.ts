// C0 and C1 control characters, and the marks that turn the direction of a text around.
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const DELETE = 0x7f;

/**
 * Makes a text harmless to a terminal: what would move the cursor, change the title or reverse the text is shown
 * instead of obeyed. Line breaks and tabs stay. A carriage return is left out.
 */
export const safeText = (text: string): string =>
  text.replaceAll(UNSAFE, (character) => {
    if (character === "\n" || character === "\t") return character;
    return character === "\r" ? "" : show(character);
  });

/** The same for one line: every run of white space becomes one space. */
export const safeLine = (text: string): string => safeText(text.replaceAll(/\s+/g, " ")).trim();

/** Converts a value to JSON text that is harmless to a terminal. It is read back as the same value. */
export const safeJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, undefined, indent).replaceAll(UNSAFE, (character) =>
    character === "\n" ? character : `\\u${hexOf(character)}`,
  );

/** Control characters have pictures in Unicode. The others are shown by their numbers. */
function show(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === DELETE ? "\u2421" : `<U+${hexOf(character).toUpperCase()}>`;
}

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, "0");
