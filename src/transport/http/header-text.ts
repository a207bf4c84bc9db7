const ENCODED_OR_BYTES = /[%\x80-\xff]/;
/** What a header cannot hold, or what would not come back unchanged: spaces and `%` too. */
const UNSAFE = /[^\x21-\x24\x26-\x7e]+/gu;

/**
 * Reads a header whose text may be in any language: as UTF-8, or percent-encoded UTF-8 (RFC 3986, 2.1). Returns text
 * that is neither unchanged.
 */
export function readHeaderText(headers: Headers, name: string): string | undefined {
  const header = headers.get(name);
  if (header === null || !ENCODED_OR_BYTES.test(header)) return header ?? undefined;
  return decodePercent(decodeUtf8(header));
}

/** Converts text to ASCII for a response header. Sent back in a request, it has its original value. */
export const toHeaderText = (text: string): string => text.toWellFormed().replace(UNSAFE, encodeURIComponent);

/** Headers arrive as one character per byte. */
function decodeUtf8(header: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(header, "latin1"));
  } catch {
    return header;
  }
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
