import type { ZipFile } from "yauzl";
import { LIMITS } from "#base/limits.ts";
import { DocumentError } from "#tools/documents/document-error.ts";

/** The files of an Office document, by their paths. */
export type OfficeFiles = ReadonlyMap<string, Buffer>;

/**
 * Unpacks an Office document, and counts what really comes out of it. So the parsers after it get no archive that grows
 * beyond the limits. Throws `DocumentError`.
 */
export async function unpackOffice(bytes: Uint8Array): Promise<OfficeFiles> {
  const yauzl = await import("yauzl");
  const files = new Map<string, Buffer>();
  let room: number = LIMITS.documentUnpackedBytes;
  try {
    const zip = await yauzl.fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
    if (zip.entryCount > LIMITS.documentEntries) throw new DocumentError("too_large");
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith("/")) continue;
      if (entry.uncompressedSize > room) throw new DocumentError("too_large");
      const content = await read(zip, entry, room);
      room -= content.length;
      files.set(entry.fileName, content);
    }
  } catch (thrown) {
    throw thrown instanceof DocumentError ? thrown : new DocumentError("damaged", { cause: thrown });
  }
  return files;
}

async function read(zip: ZipFile, entry: Parameters<ZipFile["openReadStreamPromise"]>[0], room: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    const part = chunk as Buffer;
    size += part.length;
    if (size > room) throw new DocumentError("too_large");
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}
