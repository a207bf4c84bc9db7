import JSON5 from "json5";

/** A key of an object with its value, by their places in the text. */
export interface Member {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The place behind its comma, if it has one. */
  readonly end: number;
}

export interface ObjectText {
  readonly members: readonly Member[];
  /** The place of the closing brace. */
  readonly end: number;
}

const TRIVIA = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:[^"\\]+|\\[\s\S])*"|'(?:[^'\\]+|\\[\s\S])*'/y;
const NAME = /[^\s:/"']+/y;
const PRIMITIVE = /[^\s,/\]}]+/y;

/** Returns the place of the first character that is neither white space nor a comment. */
export const skipTrivia = (text: string, index: number): number => skip(TRIVIA, text, index);

/** Finds the members of the object whose brace is at `start`. The text has to be JSON5. */
export function findMembers(text: string, start: number): ObjectText {
  const members: Member[] = [];
  let index = skipTrivia(text, start + 1);
  while (index < text.length && text[index] !== "}") {
    const nameEnd = skip(isQuote(text[index]) ? STRING : NAME, text, index);
    const valueStart = skipTrivia(text, skipTrivia(text, nameEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    const next = skipTrivia(text, valueEnd);
    const end = text[next] === "," ? next + 1 : valueEnd;
    members.push({ name: toName(text.slice(index, nameEnd)), start: index, valueStart, valueEnd, end });
    index = skipTrivia(text, end);
  }
  return { members, end: index };
}

const toName = (written: string): string => (isQuote(written[0]) ? String(JSON5.parse(written)) : written);

const isQuote = (character: string | undefined): boolean => character === '"' || character === "'";

function skipValue(text: string, start: number): number {
  if (isQuote(text[start])) return skip(STRING, text, start);
  if (text[start] !== "{" && text[start] !== "[") return skip(PRIMITIVE, text, start);
  let depth = 0;
  for (let index = start; index < text.length; ) {
    const character = text[index] ?? "";
    if (isQuote(character)) index = skip(STRING, text, index);
    else if (character === "/") index = skipTrivia(text, index);
    else {
      if (character === "{" || character === "[") depth++;
      if (character === "}" || character === "]") depth--;
      index++;
      if (depth === 0) return index;
    }
  }
  return text.length;
}

/** Returns the place behind what the pattern matches at `index`, and at least the next one if it matches nothing there. */
function skip(pattern: RegExp, text: string, index: number): number {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = index;
  const match = sticky.exec(text);
  return match ? index + match[0].length : index + 1;
}
