import { z } from "zod";
import { headOf } from "#base/cut-text.ts";
import { LIMITS } from "#base/limits.ts";
import type { CallAnswer } from "#mcp/mcp-connection.ts";
import { type ToolOutcome, untrustedPart } from "#runtime/tools/index.ts";

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

/**
 * Converts a server's answer to what the model reads. Everything in it is untrusted. Images and files become notes with
 * their type and size, never their bytes.
 */
export function toToolOutcome(source: string, { content, structuredContent, isError }: CallAnswer): ToolOutcome {
  const texts: string[] = [];
  let room: number = LIMITS.toolResultChars;
  for (const block of content) {
    const text = toText(block);
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
    parts: texts.length === 0 ? [{ type: "text", text: NOTHING }] : [untrustedPart(source, texts.join("\n"))],
    isError: isError === true,
  };
}

function toText(value: unknown): string {
  const parsed = Block.safeParse(value);
  if (!parsed.success) return "[content of a kind that is not known]";
  const block: Block = parsed.data;
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type}: ${label(block.mimeType)}, ${sizeOf(block.data)} bytes, not shown]`;
    case "resource_link":
      return `[link: ${label(block.name)} ${label(block.uri)}]`;
    case "resource":
      return toResourceText(block.resource);
  }
}

function toResourceText({ uri, mimeType = "", text, blob = "" }: z.infer<typeof Resource>): string {
  if (text !== undefined) return `[resource: ${label(uri)}]\n${text}`;
  return `[resource: ${label(uri)}, ${label(mimeType)}, ${sizeOf(blob)} bytes, not shown]`;
}

const label = (text: string): string => headOf(text.replace(/\p{Cc}+/gu, " "), LABEL_CHARS);

/** Returns the number of bytes that a base64 text stands for. */
const sizeOf = (base64: string): number => Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
