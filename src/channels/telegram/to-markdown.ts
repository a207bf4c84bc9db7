import type { MessageEntity } from "grammy/types";

/** What a mark of Telegram is in Markdown: before and behind the text that it covers. */
function marksOf(entity: MessageEntity, covered: string): readonly [string, string] | undefined {
  switch (entity.type) {
    case "text_link":
      return ["[", `](${entity.url})`];
    case "code":
      return [fenceFor(covered, 1), fenceFor(covered, 1)];
    case "pre":
      return [`${fenceFor(covered, 3)}${entity.language ?? ""}\n`, `\n${fenceFor(covered, 3)}`];
    default:
      return undefined;
  }
}

/** Returns more backticks than the text has in a row. */
function fenceFor(text: string, atLeast: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  return "`".repeat(Math.max(atLeast, longest + 1));
}

/**
 * Writes the marks of a message into its text, for the model to read: hidden links and code. Offsets count UTF-16 code
 * units. Marks within others are left out.
 */
export function toMarkdown(text: string, entities: readonly MessageEntity[] = []): string {
  let markdown = "";
  let from = 0;
  for (const entity of entities.toSorted((a, b) => a.offset - b.offset)) {
    const covered = text.slice(entity.offset, entity.offset + entity.length);
    const marks = marksOf(entity, covered);
    if (!marks || entity.offset < from) continue;
    markdown += text.slice(from, entity.offset) + marks[0] + covered + marks[1];
    from = entity.offset + entity.length;
  }
  return markdown + text.slice(from);
}
