import { htmlToMarkdown } from "@mdream/js";
import { headOf } from "#base/texts/cut-text.ts";

/** Longer texts are truncated before they are converted, because the conversion blocks the event loop. */
const MAX_CHARS = 4_000;
const MAX_SNIPPET = 600;

/** Returns a title or snippet on one line, without HTML tags and entities. */
export const toPlainText = (html: string): string =>
  toOneLine(htmlToMarkdown(headOf(html, MAX_CHARS), { format: "text" }));

export const toOneLine = (text: string): string =>
  headOf(headOf(text, MAX_CHARS).replace(/\s+/g, " ").trim(), MAX_SNIPPET);
