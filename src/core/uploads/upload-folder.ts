import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomHex } from "#base/random-hex.ts";
import { defineService } from "#core/service.ts";
import { UploadedFile } from "#core/uploads/uploaded-file.ts";

/** Keeps the files of forms while they come and until their calls are answered. */
export class UploadFolder {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Writes a file while it comes. Keeps nothing of one that breaks off. */
  async receive(name: string, content: AsyncIterable<Uint8Array>): Promise<UploadedFile> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, randomHex(16));
    const hash = createHash("sha256");
    let size = 0;
    const file = await open(path, "wx", 0o600);
    try {
      for await (const piece of content) {
        hash.update(piece);
        size += piece.byteLength;
        await writeAll(file, piece);
      }
      await file.sync();
    } catch (thrown) {
      await rm(path, { force: true });
      throw thrown;
    } finally {
      await file.close();
    }
    return new UploadedFile({ name, size, sha256: hash.digest("hex"), path });
  }

  /** Removes a file, unless its call has moved it away. */
  async discard({ path }: UploadedFile): Promise<void> {
    await rm(path, { force: true });
  }

  /** Removes what an earlier process left. Call it before the first file comes. */
  async clear(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

export const uploadFolder = defineService<UploadFolder>("upload-folder");

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.byteLength; ) at += (await file.write(piece, at)).bytesWritten;
}
