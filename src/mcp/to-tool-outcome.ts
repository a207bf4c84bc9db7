import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { CallAnswer } from "#mcp/mcp-connection.ts";
import { imagePart, type ToolOutcome, type ToolPart, textPart, untrustedPart } from "#runtime/tools/index.ts";

const Resource = z.object({
  uri: z.string().catch(""),
  mimeType: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  blob: z.string().optional().catch(undefined),
});
const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.enum(["image", "audio"]), data: z.string(), mimeType: z.string().catch("") }),
  z.object({ type: z.literal("resource"), resource: Resource }),
  z.object({ type: z.literal("resource_link"), uri: z.string(), name: z.string().catch("") }),
]);
type Block = z.infer<typeof Block>;

/** The longest text of a server that describes something, such as the type of an image. */
const LABEL_CHARS = 200;
const NOTHING = "The tool gave no output.";

/** The bytes of an image or a file in an answer. */
export interface Attachment {
  readonly bytes: Uint8Array;
  /** The media type, as the server says. */
  readonly type: string;
}

/** Keeps an attachment, and returns the path by which the model finds it. */
export type SaveAttachment = (attachment: Attachment) => Promise<string>;

/**
 * Converts a server's answer to what the model reads. Everything in it is untrusted. Images and files are saved, and the
 * model reads their type, size and path, never their bytes. It sees images too if it takes images.
 */
export async function toToolOutcome(
  source: string,
  { content, structuredContent, isError }: CallAnswer,
  save: SaveAttachment,
): Promise<ToolOutcome> {
  let saved = 0;
  const images: ToolPart[] = [];
  const keep: SaveNote = async (data, type) => {
    const size = `${label(type)}, ${sizeOf(data)} bytes`;
    if (data === "" || ++saved > LIMITS.mcpAttachments) return `${size}, not kept`;
    const bytes = Buffer.from(data, "base64");
    if (type.trim().toLowerCase().startsWith("image/")) images.push(imagePart(bytes));
    return `${size}, saved as ${await save({ bytes, type })}`;
  };
  const texts: string[] = [];
  let room: number = LIMITS.toolResultChars;
  for (const block of content) {
    const text = await toText(block, keep);
    if (text === "") continue;
    // A text that is cut here is cut again in its middle, which tells the model so.
    texts.push(headOf(text, room + 1));
    room -= text.length;
    if (room < 0) break;
  }
  const structured = structuredContent === undefined ? "" : (JSON.stringify(structuredContent) ?? "");
  // Servers should repeat structured content as text. Some send no text, and others a short summary.
  if (structured.length > texts.join("\n").length) texts.push(headOf(structured, LIMITS.toolResultChars + 1));
  return {
    parts: texts.length === 0 ? [textPart(NOTHING)] : [untrustedPart(source, texts.join("\n")), ...images],
    isError: isError === true,
  };
}

/** Saves the bytes of a base64 text, and says what became of them. */
type SaveNote = (data: string, type: string) => Promise<string>;

async function toText(value: unknown, keep: SaveNote): Promise<string> {
  const parsed = Block.safeParse(value);
  if (!parsed.success) return "[content of a kind that is not known]";
  const block: Block = parsed.data;
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type}: ${await keep(block.data, block.mimeType)}]`;
    case "resource_link":
      return `[link: ${label(block.name)} ${label(block.uri)}]`;
    case "resource":
      return toResourceText(block.resource, keep);
  }
}

async function toResourceText(
  { uri, mimeType = "", text, blob = "" }: z.infer<typeof Resource>,
  keep: SaveNote,
): Promise<string> {
  if (text !== undefined) return `[resource: ${label(uri)}]\n${text}`;
  return `[resource: ${label(uri)}, ${await keep(blob, mimeType)}]`;
}

const label = (text: string): string => headOf(text.replace(/\p{Cc}+/gu, " "), LABEL_CHARS);

/** Returns the number of bytes that a base64 text stands for. */
const sizeOf = (base64: string): number => Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
