/** Returns the text of the first `maxBytes` bytes of a body. Closes the connection if there is more. */
export async function readText(body: AsyncIterable<Uint8Array> | null | undefined, maxBytes: number): Promise<string> {
  const utf8 = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body ?? []) {
    const taken = chunk.subarray(0, maxBytes - size);
    size += taken.byteLength;
    text += utf8.decode(taken, { stream: true });
    if (taken.byteLength < chunk.byteLength) break;
  }
  return text + utf8.decode();
}
