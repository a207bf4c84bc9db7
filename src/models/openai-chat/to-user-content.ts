import { ownValue } from "#base/json.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { Base64Text } from "#base/texts/base64-text.ts";
import { JoinedText } from "#base/texts/joined-text.ts";
import { unsupported } from "#models/failures/model-failure.ts";
import type { ModelFile, ModelText } from "#models/language-model.ts";
import { withStandIns } from "#models/messages/with-stand-ins.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/mp3": "mp3",
  "audio/mpeg": "mp3",
};

/**
 * Converts a user message. Text alone becomes a string, which every server accepts. With files, the texts come first. A
 * file that the provider does not take is replaced by the text that stands in for it.
 */
export function toUserContent(
  parts: readonly (ModelText | ModelFile)[],
  { refusesFiles }: Quirks,
): string | JoinedText | readonly object[] {
  const shown = withStandIns(parts, (type) => IMAGE_TYPES.includes(type) || (!refusesFiles && isTaken(type)));
  const texts = shown.filter((part) => part.type === "text");
  const files = shown.filter((part) => part.type === "file");
  const [first, ...others] = texts;
  if (files.length === 0) return first && others.length === 0 ? first.text : new JoinedText(texts.map(textOf));
  return [...texts, ...files.map(toFilePart)];
}

const textOf = ({ text }: ModelText): string => text;

const isTaken = (mediaType: string): boolean =>
  mediaType.startsWith("text/") || mediaType === "application/pdf" || Object.hasOwn(AUDIO_FORMATS, mediaType);

function toFilePart({ mediaType, bytes, filename, detail }: ModelFile): object {
  if (mediaType.startsWith("text/")) return { type: "text", text: new TextDecoder().decode(bytes) };
  const dataUrl = new Base64Text(bytes, `data:${mediaType};base64,`);
  if (mediaType.startsWith("image/")) return { type: "image_url", image_url: { url: dataUrl, detail } };
  if (mediaType === "application/pdf") {
    return { type: "file", file: { filename: filename ?? "document.pdf", file_data: dataUrl } };
  }
  const format = ownValue(AUDIO_FORMATS, mediaType);
  if (format === undefined) throw unsupported(`not supported by this provider: files of type ${mediaType}`);
  return { type: "input_audio", input_audio: { data: new Base64Text(bytes), format } };
}
