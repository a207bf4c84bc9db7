import { Lexer, type Token } from "marked";
import remend from "remend";

/** A block of a Markdown text, such as a paragraph or a table. */
export interface Block {
  /** Where it begins in the text. */
  readonly start: number;
  readonly source: string;
  readonly token: Token;
}

/**
 * Splits a text into its blocks. While a text grows, the blocks of before are passed in. All but the last few stay the
 * same objects, so neither parsing nor rendering looks at them again.
 */
export function splitBlocks(text: string, before: readonly Block[] = []): readonly Block[] {
  const last = before.at(-1);
  const hasGrown = last !== undefined && text.startsWith(last.source, last.start);
  const kept = hasGrown ? before.slice(0, -UNSETTLED) : [];
  const from = kept.at(-1);
  let start = from ? from.start + from.source.length : 0;
  const blocks = [...kept];
  for (const token of new Lexer({ gfm: true, breaks: true }).lex(text.slice(start))) {
    blocks.push({ start, source: token.raw, token });
    start += token.raw.length;
  }
  return blocks;
}

/** How many blocks at the end may still change: a next line can belong to a list before an empty line. */
const UNSETTLED = 3;

/** Closes what a text that still grows has opened, such as bold letters, so that it does not flicker. */
export const closeOpenMarks = (text: string): string => remend(text);
