import type { FileHandle } from "node:fs/promises";

/** The bytes of an open file. Whoever receives it closes it. */
export interface FileContent {
  readonly size: number;
  readonly modifiedAt: Date;
  /** Equal tags mean equal bytes. Printable ASCII without quotes. */
  readonly tag: string;
  /** Reads the bytes from `start` to before `end`, piece by piece. Throws if the file ends earlier. */
  read(start: number, end: number): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

const PIECE_BYTES = 64 * 1_024;

/** Makes the content of an open file, whose handle it takes over. */
export const toFileContent = (
  file: FileHandle,
  facts: Pick<FileContent, "size" | "modifiedAt" | "tag">,
): FileContent => ({
  ...facts,
  async *read(start, end) {
    for (let at = start; at < end; ) {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, end - at));
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw new Error("the file became shorter while it was read");
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  },
  close: () => file.close(),
});
