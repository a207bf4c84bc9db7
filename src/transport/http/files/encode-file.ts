import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import type { FileContent } from "#base/file-content.ts";
import { LIMITS } from "#base/limits.ts";
import type { FileReply } from "#core/reply.ts";
import type { AnswerRoute } from "#transport/http/encode-answer.ts";
import { selectContent } from "#transport/http/files/select-content.ts";

/** Up to this many bytes, a file is sent in one piece. */
const SMALL_BYTES = 64 * 1_024;

/**
 * Encodes a file, or the part of it that a request asks for. Closes the file when the answer ends. Throws 416 for a part
 * that the file does not have.
 */
export async function encodeFile(
  { content, mediaType, headers }: FileReply,
  request: Request,
  { common, toAnswerStream, connection }: Omit<AnswerRoute, "onStreamEnd">,
): Promise<Response> {
  const selection = selectContent(request, content);
  const validators = { ETag: `"${content.tag}"`, "Last-Modified": content.modifiedAt.toUTCString() };
  const shared = { ...headers, ...validators, "Accept-Ranges": "bytes", ...common };
  if (selection.kind === "unchanged") {
    await content.close();
    return new Response(null, { status: 304, headers: shared });
  }
  if (selection.kind === "unsatisfiable") {
    await content.close();
    throw new AppError("INVALID_REQUEST", "error.range_not_satisfiable", { size: content.size }, { status: 416 });
  }
  const { start, end } = selection.kind === "part" ? selection : { start: 0, end: content.size };
  const range = selection.kind === "part" && { "Content-Range": `bytes ${start}-${end - 1}/${content.size}` };
  const status = selection.kind === "part" ? 206 : 200;
  const described = { ...shared, "Content-Type": mediaType, ...range };
  connection.limitSilence(LIMITS.readerStall / SECOND);
  if (request.method === "HEAD") {
    await content.close();
    return new Response(null, { headers: { ...described, "Content-Length": String(content.size) } });
  }
  const pieces = readAndClose(content, start, end);
  // The server sends a length with bytes alone, never with a stream.
  if (end - start <= SMALL_BYTES) {
    return new Response(Buffer.concat(await Array.fromAsync(pieces)), { status, headers: described });
  }
  return new Response(toAnswerStream({ pieces, connection }), { status, headers: described });
}

async function* readAndClose(content: FileContent, start: number, end: number): AsyncGenerator<Uint8Array> {
  try {
    yield* content.read(start, end);
  } finally {
    await content.close();
  }
}
