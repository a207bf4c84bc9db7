import { isRecord, recordOf } from "#base/json.ts";

/**
 * Returns the text in which media of an answer can be shown: the transcript of audio, and links to images. Media that
 * arrive as data have no text.
 */
export function toShownMedia({ audio, images }: { readonly audio?: unknown; readonly images?: unknown }): string {
  const { transcript } = recordOf(audio);
  const links = Array.isArray(images) ? images.map(toLink).filter((link) => link !== "") : [];
  return (typeof transcript === "string" ? transcript : "") + links.join("\n");
}

function toLink(image: unknown): string {
  const { image_url: imageUrl } = recordOf(image);
  const url = isRecord(imageUrl) ? imageUrl.url : imageUrl;
  return typeof url === "string" && /^https?:\/\/[^\s)]+$/.test(url) ? `![](${url})` : "";
}
