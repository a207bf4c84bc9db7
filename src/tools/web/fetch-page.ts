import type { EgressClient } from "#base/egress/create-egress.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { redirectTarget } from "#base/egress/redirect.ts";
import { LIMITS } from "#base/limits.ts";
import { ToolError } from "#runtime/tools/index.ts";

/** A fetched page, not yet decoded. */
export interface Page {
  /** The URL after all redirects. */
  readonly url: string;
  /** The unchanged header, or an empty text if there was none. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** True if the page is longer and only its beginning was read. */
  readonly isCut: boolean;
}

export interface FetchPageOptions {
  readonly web: EgressClient;
  /** Throws `ToolError` for a URL that must not be visited. Called before every hop. */
  readonly requireAllowed: (url: URL) => void;
  readonly signal: AbortSignal;
}

const ACCEPT =
  "text/markdown, text/html;q=0.9, application/xhtml+xml;q=0.9, application/json;q=0.8, text/*;q=0.7, */*;q=0.1";
export const USER_AGENT = "Mozilla/5.0 (compatible; GoClaw)";

/**
 * Fetches a page through egress and checks each redirect. Throws `ToolError` for failures that the model should read.
 */
export async function fetchPage(address: string, options: FetchPageOptions): Promise<Page> {
  const timeout = AbortSignal.timeout(LIMITS.webFetchTime);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    return await follow(address, { ...options, signal });
  } catch (thrown) {
    if (timeout.aborted && !options.signal.aborted)
      throw new ToolError("The page could not be fetched: it took too long.");
    if (thrown instanceof EgressError && !options.signal.aborted) {
      throw new ToolError(`The page could not be fetched: ${thrown.message}.`);
    }
    throw thrown;
  }
}

async function follow(address: string, { web, requireAllowed, signal }: FetchPageOptions): Promise<Page> {
  let url = parseAddress(address);
  for (let redirects = 0; ; redirects++) {
    requireAllowed(url);
    const headers = { accept: ACCEPT, "user-agent": USER_AGENT };
    const response = await web.fetch(url.href, { redirect: "manual", headers, signal });
    const target = redirectTarget(response.status, response.headers.get("location") ?? undefined, url);
    if (target === undefined) return readPage(url, response);
    await response.body?.cancel();
    if (redirects === LIMITS.webFetchRedirects) {
      throw new ToolError(`The page could not be fetched: it redirects more than ${LIMITS.webFetchRedirects} times.`);
    }
    url = parseAddress(target);
  }
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") throw new ToolError("Give a whole http or https URL.");
  url.hash = "";
  return url;
}

async function readPage(url: URL, response: Response): Promise<Page> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new ToolError(`The page could not be fetched: the server answered ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let room = LIMITS.webFetchBytes;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk.subarray(0, room));
    room -= chunk.byteLength;
    // Leaving the loop closes the connection.
    if (room < 0) break;
  }
  const contentType = response.headers.get("content-type") ?? "";
  return { url: url.href, contentType, bytes: Buffer.concat(chunks), isCut: room < 0 };
}
