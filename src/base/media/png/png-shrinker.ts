import type { PngAnswer, PngJob } from "#base/media/png/png-worker.ts";
import type { Size } from "#base/media/png/row-scaler.ts";
import { Thread } from "#base/threads/thread.ts";

// The worker must be a separate file in the executable too. `scripts/executable.mjs` names it as an entry point.
const startPngWorker = () => new Worker(new URL("./png-worker.ts", import.meta.url).href, { smol: true });

const TIMEOUT_MS = 30_000;

/** Scales large PNGs down outside the event loop, row by row. */
export class PngShrinker {
  readonly #thread = new Thread<PngJob, PngAnswer>({ start: startPngWorker, timeoutMs: TIMEOUT_MS });

  /** Call it again only when the last picture is done. Rejects for a file whose rows cannot be read. */
  async shrink(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
    const file = new Uint8Array(bytes).buffer;
    const answer = await this.#thread.run({ file, size }, [file]);
    if ("error" in answer) throw new Error(answer.error);
    return new Uint8Array(answer.file);
  }
}
