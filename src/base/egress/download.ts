import { EgressError } from "#base/egress/egress-error.ts";
import type { EgressFetch } from "#base/egress/egress-fetch.ts";

export interface DownloadOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly accept?: string;
  readonly signal: AbortSignal;
}

/** A downloaded file. `mediaType` is in lower case and without parameters. */
export interface Download {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/**
 * Downloads a whole file into memory. Rejects with `EgressError` if the file is larger than `maxBytes`, if it takes
 * longer than `timeoutMs`, or if the status is not 2xx.
 */
export async function download(fetch: EgressFetch, url: string, options: DownloadOptions): Promise<Download> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await fetch(url, {
      headers: { accept: options.accept ?? "*/*" },
      signal: AbortSignal.any([options.signal, timeout]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new EgressError("network", { status: response.status });
    }
    return { bytes: await readAll(response, options.maxBytes), mediaType: mediaTypeOf(response) };
  } catch (error) {
    if (timeout.aborted && !options.signal.aborted) throw new EgressError("timeout", { cause: error });
    throw error;
  }
}

async function readAll(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (Number(response.headers.get("content-length")) > maxBytes) {
    await response.body?.cancel();
    throw new EgressError("too_large");
  }
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream and so closes the connection.
    if (size > maxBytes) throw new EgressError("too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const mediaTypeOf = ({ headers }: Response) =>
  headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || "application/octet-stream";
