import { invalidField } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { unsignLinks } from "#features/media/index.ts";
import {
  BETWEEN_TEXTS,
  nameResults,
  requireFewImages,
  storeAudio,
  storeFile,
  storeImage,
  unsupportedContent,
} from "#features/openai-messages/index.ts";
import { findItems, type ItemOwner, itemNotFound } from "#features/responses/input/find-items.ts";
import { openReasoning } from "#features/responses/output/sealed-reasoning.ts";
import type { InputItem, ItemContent, MessageItem } from "#features/responses/schema/input-items.ts";
import { type MessagePart, type NewMessage, textOf } from "#runtime/transcript/index.ts";

/**
 * Converts the items of a request to turns. Adjacent items of the assistant are one turn, because the model made them in
 * one. If there are only instructions, the last one is the message to answer.
 */
export async function toTurns(
  ctx: Context,
  input: string | readonly InputItem[],
  owner: ItemOwner,
): Promise<readonly NewMessage[]> {
  if (typeof input === "string") return [{ role: "user", parts: [{ type: "text", text: input }] }];
  requireFewImages(countImages(input), "input");
  const stored = await findItems(ctx, idsOf(input), owner);
  const turns: NewMessage[] = [];
  for (const [index, item] of input.entries()) {
    const turn = await toTurn(ctx, item, { field: `input.${index}`, owner, stored });
    const last = turns.at(-1);
    if (turn.role !== "assistant" || last?.role !== "assistant") turns.push(turn);
    else turns[turns.length - 1] = join(last, turn);
  }
  const whole = turns.filter(({ parts }) => parts.some(({ type }) => type !== "reasoning"));
  const last = whole.at(-1);
  if (last && whole.every(({ role }) => role === "system")) whole[whole.length - 1] = { ...last, role: "user" };
  return nameResults(whole);
}

/** Joins two turns of the assistant. A text that is handed out begins with what separates it, a stored one does not. */
function join(before: NewMessage, { role, parts }: NewMessage): NewMessage {
  const text = textOf(parts);
  const isApart = text === "" || textOf(before.parts) === "" || text.startsWith(BETWEEN_TEXTS);
  const first = isApart ? -1 : parts.findIndex(({ type }) => type === "text");
  const separated = parts.map((part, index) =>
    part.type === "text" && index === first ? { ...part, text: BETWEEN_TEXTS + part.text } : part,
  );
  return { role, parts: [...before.parts, ...separated] };
}

/** Returns the ids of stored items that a request needs. */
const idsOf = (items: readonly InputItem[]): readonly string[] =>
  items.flatMap((item) => {
    if (item.type === "item_reference" || item.type === null) return [item.id];
    return item.type === "reasoning" && item.id && !item.encrypted_content ? [item.id] : [];
  });

const countImages = (items: readonly InputItem[]): number =>
  items
    .flatMap((item) => (item.type === "message" && typeof item.content !== "string" ? item.content : []))
    .filter(({ type }) => ["input_image", "input_file", "input_audio"].includes(type)).length;

interface ItemPlace {
  readonly field: string;
  readonly owner: ItemOwner;
  readonly stored: ReadonlyMap<string, NewMessage>;
}

async function toTurn(ctx: Context, item: InputItem, { field, owner, stored }: ItemPlace): Promise<NewMessage> {
  switch (item.type) {
    case "message":
      return toMessageTurn(ctx, item, field);
    case "function_call": {
      const { call_id: id, name, arguments: json } = item;
      return { role: "assistant", parts: [{ type: "tool_call", id, name, arguments: json, is_client: true }] };
    }
    case "function_call_output": {
      const text = toText(item.output, `${field}.output`);
      return { role: "tool", parts: [{ type: "tool_result", call_id: item.call_id, name: "", text, is_error: false }] };
    }
    case "reasoning": {
      const sealed = item.encrypted_content;
      const parts = sealed ? openReasoning(ctx, owner.userId, sealed) : (stored.get(item.id ?? "")?.parts ?? []);
      return { role: "assistant", parts };
    }
    case "other":
      throw unsupportedContent(item.name, field);
    default: {
      const turn = stored.get(item.id);
      if (!turn) throw itemNotFound(item.id);
      return turn;
    }
  }
}

async function toMessageTurn(ctx: Context, { role, content }: MessageItem, field: string): Promise<NewMessage> {
  if (role === "user") return { role, parts: await toUserParts(ctx, content, `${field}.content`) };
  const text = toText(content, `${field}.content`);
  if (role !== "assistant") return { role: "system", parts: [{ type: "text", text }] };
  return { role, parts: text === "" ? [] : [{ type: "text", text: unsignLinks(text) }] };
}

async function toUserParts(
  ctx: Context,
  content: string | readonly ItemContent[],
  field: string,
): Promise<readonly MessagePart[]> {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (content.length === 0) throw invalidField(field, "empty");
  const parts: MessagePart[] = [];
  for (const [index, part] of content.entries()) parts.push(await toUserPart(ctx, part, `${field}.${index}`));
  return parts;
}

async function toUserPart(ctx: Context, content: ItemContent, field: string): Promise<MessagePart> {
  switch (content.type) {
    case "input_image": {
      const { image_url: url, file_id, detail } = content;
      if (file_id) return storeFile(ctx, { file_id }, field);
      if (!url) throw invalidField(`${field}.image_url`, "URL");
      return storeImage(ctx, { url, detail }, `${field}.image_url`);
    }
    case "input_file": {
      const { file_data, file_id, filename } = content;
      const source = { ...(file_data && { file_data }), ...(file_id && { file_id }), ...(filename && { filename }) };
      return storeFile(ctx, source, field);
    }
    case "input_audio":
      return storeAudio(ctx, content.input_audio, `${field}.input_audio`);
    case "refusal":
      return { type: "text", text: content.refusal };
    case "other":
      throw unsupportedContent(content.name, field);
    default:
      return { type: "text", text: content.text };
  }
}

/** Returns content that may only be text. */
function toText(content: string | readonly ItemContent[], field: string): string {
  if (typeof content === "string") return content;
  const texts = content.map((part, index) => {
    if ("text" in part) return part.text;
    if (part.type === "refusal") return part.refusal;
    throw unsupportedContent(part.type === "other" ? part.name : part.type, `${field}.${index}`);
  });
  return texts.join("");
}
