import type { Size } from "#base/media/png/row-scaler.ts";
import { shrinkPng } from "#base/media/png/shrink-png.ts";

// The entry point of a thread. Each row of a picture takes the processor for a moment, and large ones have thousands.

export interface PngJob {
  readonly file: ArrayBuffer;
  readonly size: Size;
}

/** The scaled picture, or why there is none. */
export type PngAnswer = { readonly file: ArrayBuffer } | { readonly error: string };

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<PngJob>) => {
  const answer = await answerTo(data);
  self.postMessage(answer, "file" in answer ? [answer.file] : []);
};

async function answerTo({ file, size }: PngJob): Promise<PngAnswer> {
  try {
    return { file: await shrinkPng(Buffer.from(file), size) };
  } catch (thrown) {
    return { error: String(thrown) };
  }
}
