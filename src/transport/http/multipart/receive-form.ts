import { LIMITS } from "#base/limits.ts";
import type { UploadedFile } from "#core/uploads/uploaded-file.ts";
import { findPartName } from "#transport/http/multipart/part-headers.ts";
import { invalidForm, PartScanner } from "#transport/http/multipart/part-scanner.ts";

/** Stores a file while it comes. */
export type ReceiveFile = (name: string, content: AsyncIterable<Uint8Array>) => Promise<UploadedFile>;

/** Reads the fields of a form. Files go to `receive` while they come. Throws 400 for what is no form. */
export async function receiveForm(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  receive: ReceiveFile,
): Promise<object> {
  const scanner = new PartScanner(body, boundary);
  const fields = new Map<string, string | UploadedFile>();
  await skip(scanner.readToBoundary());
  for (let count = 0; ; count++) {
    const headers = await scanner.readHeaders();
    if (headers === undefined) return Object.fromEntries(fields);
    const part = findPartName(headers);
    // Of two fields with one name, two readers could each believe another one.
    if (part === undefined || fields.has(part.name) || count >= LIMITS.formParts) throw invalidForm();
    const { name, fileName } = part;
    const content = scanner.readToBoundary();
    fields.set(name, fileName === undefined ? await readText(content) : await receive(fileName, content));
  }
}

async function skip(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of pieces);
}

async function readText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.byteLength;
    if (size > LIMITS.formFieldBytes) throw invalidForm();
    parts.push(Uint8Array.from(piece));
  }
  return Buffer.concat(parts, size).toString();
}
