import type { FileContent } from "#base/file-content.ts";

/** A response with additional headers, such as `Location`, or with another status than the operation's own. */
export class Reply<Value> {
  readonly value: Value;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: 200 | undefined;

  constructor(value: Value, headers: Readonly<Record<string, string>>, status?: 200) {
    this.value = value;
    this.headers = headers;
    this.status = status;
  }
}

/** A response whose value was checked and encoded before, as JSON. */
export class EncodedReply {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A stream of server-sent events. Its frames are pulled as fast as the client reads, until the client disconnects. */
export class StreamReply {
  readonly frames: AsyncIterable<string>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(frames: AsyncIterable<string>, headers: Readonly<Record<string, string>> = {}) {
    this.frames = frames;
    this.headers = headers;
  }
}

/** A response with a document or file. */
export class BytesReply {
  readonly body: Uint8Array<ArrayBuffer> | string | Blob;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    body: Uint8Array<ArrayBuffer> | string | Blob,
    mediaType: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.body = body;
    this.mediaType = mediaType;
    this.headers = headers;
  }
}

/** A response whose text is made piece by piece, as fast as the client reads, until the client disconnects. */
export class PiecesReply {
  readonly pieces: AsyncIterable<string>;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(pieces: AsyncIterable<string>, mediaType: string, headers: Readonly<Record<string, string>> = {}) {
    this.pieces = pieces;
    this.mediaType = mediaType;
    this.headers = headers;
  }
}

/** Returns whether an answer is none of JSON, but a stream, bytes or a file. */
export const isCarrier = (answer: unknown): answer is StreamReply | BytesReply | PiecesReply | FileReply =>
  answer instanceof StreamReply ||
  answer instanceof BytesReply ||
  answer instanceof PiecesReply ||
  answer instanceof FileReply;

/**
 * A response with a file. The transport answers conditional requests and requests for a part of it, and closes it. Its
 * bytes are read as fast as the client reads.
 */
export class FileReply {
  readonly content: FileContent;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(content: FileContent, mediaType: string, headers: Readonly<Record<string, string>> = {}) {
    this.content = content;
    this.mediaType = mediaType;
    this.headers = headers;
  }
}
