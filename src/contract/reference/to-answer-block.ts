import type { Exchange } from "#contract/reference/exchange.ts";

/** What an example shows at most. Longer lists, texts and answers are cut. */
const SHOWN = { objects: 1, items: 3, characters: 160, lines: 80, textLines: 20 } as const;

/** Writes the answer of an example as a block of Markdown, cut to what a reader needs. */
export function toAnswerBlock({ mediaType, text }: Exchange): string {
  if (text === "") return "The answer has no body.";
  if (/json/.test(mediaType)) return toBlock("json", toShortJson(text), SHOWN.lines);
  if (/^text\/|event-stream/.test(mediaType)) return toBlock("", toShortLines(text), SHOWN.textLines);
  return `The answer is a file of the type \`${mediaType}\`.`;
}

const toShortLines = (text: string): string => text.trimEnd().split("\n").map(toShortText).join("\n");

function toShortJson(text: string): string {
  const short: unknown = JSON.parse(text, (_, part: unknown) => {
    if (typeof part === "string") return toShortText(part);
    return Array.isArray(part) ? toShortList(part) : part;
  });
  // Lists of plain values are easier to read on one line.
  return JSON.stringify(short, null, 2).replaceAll(/\[\s+([^[\]{}]{1,70}?)\s+\]/g, (_, items: string) => {
    return `[${items.replaceAll(/\n\s+/g, " ")}]`;
  });
}

function toShortList(items: readonly unknown[]): readonly unknown[] {
  const shown = items.some((item) => typeof item === "object") ? SHOWN.objects : SHOWN.items;
  const more = items.length - shown;
  return more > 0 ? [...items.slice(0, shown), `… ${more} more`] : items;
}

function toBlock(language: string, text: string, limit: number): string {
  const all = text.split("\n");
  const lines = all.slice(0, limit);
  const rest = all.length > limit ? ["…"] : [];
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  return [fence + language, ...lines, ...rest, fence].join("\n");
}

function toShortText(text: string): string {
  const characters = [...text];
  return characters.length > SHOWN.characters ? `${characters.slice(0, SHOWN.characters).join("")}…` : text;
}
