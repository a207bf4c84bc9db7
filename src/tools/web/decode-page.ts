/** The kind of a page. Only `html` and `text` can be shown. */
export type PageKind = "html" | "text" | "binary";

const SNIFFED_BYTES = 8_192;
/** HTML declares its charset within its first bytes (HTML Standard, 13.2.3.2). */
const PRESCAN_BYTES = 1_024;
const HTML_TYPES = ["text/html", "application/xhtml+xml"];
const TEXT_TYPE =
  /^(?:text\/.+|application\/(?:.+\+)?(?:json|xml|yaml|x-yaml|toml|javascript|x-javascript|x-ndjson|sql|x-sh|graphql)|image\/svg\+xml)$/;
/** Media types that do not tell the kind. The bytes decide instead. */
const VAGUE_TYPES = ["", "application/octet-stream", "binary/octet-stream", "unknown/unknown"];

/** Determines the kind of a page. `contentType` is the unchanged header. */
export function kindOfPage(contentType: string, bytes: Uint8Array): PageKind {
  const mediaType = mediaTypeOf(contentType);
  const isVague = VAGUE_TYPES.includes(mediaType);
  if (!isVague && !HTML_TYPES.includes(mediaType) && !TEXT_TYPE.test(mediaType)) return "binary";
  const isWide = /^utf-?16/i.test(charsetOf(contentType) ?? "") || hasWideMark(bytes);
  if (!isWide && bytes.subarray(0, SNIFFED_BYTES).includes(0)) return "binary";
  if (HTML_TYPES.includes(mediaType)) return "html";
  const start = Buffer.from(bytes.subarray(0, PRESCAN_BYTES)).toString("latin1");
  return isVague && /^\s*(?:<!doctype html|<html)/i.test(start) ? "html" : "text";
}

export const mediaTypeOf = (contentType: string): string => contentType.split(";")[0]?.trim().toLowerCase() ?? "";

/**
 * Decodes a page to text. The encoding comes from the byte order mark, the header, the page's meta element, or defaults
 * to UTF-8, in this order.
 */
export function decodePage(contentType: string, bytes: Uint8Array): string {
  const declared = charsetOf(contentType) ?? charsetOfMeta(bytes);
  return decoderFor(declared, bytes).decode(bytes);
}

function decoderFor(charset: string | undefined, bytes: Uint8Array): TextDecoder {
  if (hasWideMark(bytes)) return new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be");
  try {
    return new TextDecoder(anyEncoding(charset ?? "utf-8"));
  } catch {
    return new TextDecoder();
  }
}

/** The type lists fewer encodings than Bun supports. The constructor throws for unknown ones. */
const anyEncoding = (label: string) => label as Bun.Encoding;

const hasWideMark = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

const charsetOf = (contentType: string): string | undefined =>
  /charset\s*=\s*["']?([\w:-]{1,40})/i.exec(contentType)?.[1];

function charsetOfMeta(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, PRESCAN_BYTES)).toString("latin1");
  return /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:-]{1,40})/i.exec(start)?.[1];
}
