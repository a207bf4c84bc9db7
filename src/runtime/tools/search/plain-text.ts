import { htmlToMarkdown } from "@mdream/js";

/** Longer pieces are cut before they are read: this runs on the event loop. */
const MAX_CHARS = 4_000;
const MAX_SNIPPET = 600;

/** A title or snippet without its tags and entities, on one line. */
export const toPlainText = (html: string): string =>
  toOneLine(htmlToMarkdown(html.slice(0, MAX_CHARS), { format: "text" }));

export const toOneLine = (text: string): string =>
  text.slice(0, MAX_CHARS).replace(/\s+/g, " ").trim().slice(0, MAX_SNIPPET);
