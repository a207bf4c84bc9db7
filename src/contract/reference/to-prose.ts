/** Spans of code, which Markdown shows as they are. */
const CODE = /(`+[^`]*`+)/;

/** Returns a text in which Markdown sees no HTML. Spans of code stay as they are. */
export const toProse = (text: string): string =>
  text
    .split(CODE)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "\\<")))
    .join("");

/** Returns a text for the cell of a table: on one line, and without bars that would end the cell. */
export const toCell = (text: string): string => toProse(text).replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
