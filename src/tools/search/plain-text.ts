import { htmlToMarkdown } from "@mdream/js";
import { headOf } from "#base/cut-text.ts";

/** Longer pieces are cut before they are read: this runs on the event loop. */
const MAX_CHARS = 4_000;
const MAX_SNIPPET = 600;

/** A title or snippet without its tags and entities, on one line. */
export const toPlainText = (html: string): string =>
  toOneLine(htmlToMarkdown(headOf(html, MAX_CHARS), { format: "text" }));

export const toOneLine = (text: string): string =>
  headOf(headOf(text, MAX_CHARS).replace(/\s+/g, " ").trim(), MAX_SNIPPET);
