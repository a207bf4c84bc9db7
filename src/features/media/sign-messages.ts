import type { Context } from "#core/context.ts";
import { signLinks } from "#features/media/sign-links.ts";
import type { Message, MessagePart } from "#runtime/transcript/index.ts";

/** Signs the links to files in what the agent says in messages. Returns copies. */
export async function withSignedLinks(ctx: Context, messages: readonly Message[]): Promise<Message[]> {
  const isSaid = ({ role }: Message, part: MessagePart) => role === "assistant" && part.type === "text";
  const said = messages.flatMap((message) => message.parts.filter((part) => isSaid(message, part)));
  const texts = await signLinks(
    ctx,
    said.map((part) => (part.type === "text" ? part.text : "")),
  );
  const signed = new Map(said.map((part, index) => [part, texts[index] ?? ""]));
  return messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === "text" ? { ...part, text: signed.get(part) ?? part.text } : part,
    ),
  }));
}
