import { EgressError } from "#base/egress/egress-error.ts";
import { parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { ToolError } from "#runtime/tools/index.ts";
import type { SearchAccess, SearchProvider } from "#tools/search/search-provider.ts";

type Name = SearchProvider["name"];

/** Sends one request to a search engine and returns the answer's text. Throws `ToolError` for any status but 200. */
export async function askProvider(name: Name, access: SearchAccess, path: string, init: RequestInit): Promise<string> {
  const timeout = AbortSignal.timeout(LIMITS.webSearchTime);
  const signal = AbortSignal.any([access.signal, timeout]);
  try {
    const url = access.base.replace(/\/+$/, "") + path;
    const response = await access.fetch(url, { ...init, redirect: "error", signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new ToolError(explainStatus(name, response.status));
    }
    return await readText(name, response);
  } catch (thrown) {
    if (access.signal.aborted || !(thrown instanceof EgressError)) throw thrown;
    const reason = timeout.aborted ? "it took too long" : thrown.message;
    throw new ToolError(`The search engine ${name} could not be asked: ${reason}.`);
  }
}

/**
 * Sends one request to a search engine that answers JSON. Throws `ToolError` like `askProvider`, and for invalid JSON.
 */
export async function askForJson(name: Name, access: SearchAccess, path: string, init: RequestInit): Promise<unknown> {
  const text = await askProvider(name, access, path, init);
  try {
    return parseJson(text, { maxDepth: LIMITS.jsonDepth });
  } catch {
    throw unreadable(name);
  }
}

export const unreadable = (name: Name) =>
  new ToolError(`The search engine ${name} gave an answer that is not understood.`);

function explainStatus(name: Name, status: number): string {
  if (status === 401 || status === 403) return `The search engine ${name} refused its API key.`;
  if (status === 429 || status === 402 || status === 432)
    return `The search engine ${name} has no calls left right now.`;
  if (status === 400 || status === 422) {
    return `The search engine ${name} did not take these arguments: leave out country, languages or freshness.`;
  }
  return `The search engine ${name} answered ${status}.`;
}

async function readText(name: Name, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LIMITS.webSearchBytes) throw unreadable(name);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
