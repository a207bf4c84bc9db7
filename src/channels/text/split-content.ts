import type { OutboundContent, OutboundPart } from "#channels/channel.ts";
import { splitMarkdown } from "#channels/text/split-markdown.ts";

/** Cuts content into texts of at most `maxChars` and single files. The files come after the text. */
export function splitContent({ text, media, replyTo }: OutboundContent, maxChars: number): readonly OutboundPart[] {
  const pieces = text.trim() === "" ? [] : splitMarkdown(text, maxChars);
  return [
    ...pieces.map((piece, index): OutboundPart => ({ kind: "text", text: piece, ...(index === 0 && { replyTo }) })),
    ...media.map((file): OutboundPart => ({ kind: "media", media: file, caption: "" })),
  ];
}
