import type { LanguageModelV3Prompt } from "@ai-sdk/provider";
import { isRecord } from "#base/json.ts";
import { Base64Text } from "#base/texts/base64-text.ts";
import { holdsMuchText } from "#base/texts/holds-text.ts";
import { TextsApart } from "#base/texts/texts-apart.ts";

/** In UTF-16 code units or bytes. Shorter texts cost little. */
const LONG = 4_096;

interface ShortPrompt {
  readonly prompt: LanguageModelV3Prompt;
  /** The texts that the prompt lacks. Undefined if it is complete. */
  readonly apart: TextsApart | undefined;
}

/**
 * Replaces the long texts and files of a prompt that holds much of them by names. The SDK writes a request as one text,
 * which takes several times its size. The texts come back where the request is sent.
 */
export function setTextsApart(prompt: LanguageModelV3Prompt): ShortPrompt {
  if (!holdsMuchText(prompt)) return { prompt, apart: undefined };
  const apart = new TextsApart();
  // The SDK removes the space at the end of a last answer, which Anthropic refuses.
  const shorten = (message: LanguageModelV3Prompt[number], index: number) =>
    message.role === "assistant" && index === prompt.length - 1 ? message : nameLong(message, apart);
  return { prompt: prompt.map(shorten), apart };
}

/** Safe: the copy has the shape of the value. */
const nameLong = <Value>(value: Value, apart: TextsApart): Value => name(value, apart) as Value;

function name(value: unknown, apart: TextsApart): unknown {
  if (typeof value === "string") return value.length < LONG ? value : apart.add(value);
  if (Array.isArray(value)) return value.map((part) => name(part, apart));
  if (!isRecord(value) || ArrayBuffer.isView(value) || value instanceof URL) return value;
  const { data, mediaType } = value;
  // The SDK reads the bytes of a text.
  const isFile = data instanceof Uint8Array && data.length >= LONG && !String(mediaType).startsWith("text/");
  const named = Object.entries(value).map(([key, part]) => [key, name(part, apart)]);
  return { ...Object.fromEntries(named), ...(isFile && { data: apart.add(new Base64Text(data)) }) };
}
