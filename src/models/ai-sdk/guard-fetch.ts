import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import { LIMITS } from "#base/limits.ts";
import { malformed } from "#models/failures/model-failure.ts";
import { readText } from "#models/read-text.ts";

/** Stands in for the real choice, which the SDK would answer by leaving the tools out. */
export const NO_TOOLS_HEADER = "x-goclaw-no-tools";
const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "authorization"];

/** The `fetch` of the SDK's packages: what they send is mended, and what they read is bounded. */
export function guardFetch(egressFetch: EgressFetch): typeof fetch {
  const guarded = async (input: string | URL | Request, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    // A server that wants no key is sent none.
    for (const name of KEY_HEADERS) if (headers.get(name) === "") headers.delete(name);
    const forbidsTools = headers.has(NO_TOOLS_HEADER);
    headers.delete(NO_TOOLS_HEADER);
    const body = forbidsTools && typeof init.body === "string" ? forbidTools(init.body) : init.body;
    const response = await egressFetch(input, { ...init, headers, ...(body != null && { body }) });
    return response.ok ? withLineLimit(response) : withShortBody(response);
  };
  // Bun's type of `fetch` has a method beside the call, which the SDK never uses.
  return Object.assign(guarded, { preconnect: () => {} });
}

/** Anthropic refuses a history of tool calls without the tools. */
function forbidTools(body: string): string {
  const value = JSON.parse(body);
  return value.tools === undefined ? body : JSON.stringify({ ...value, tool_choice: { type: "none" } });
}

async function withShortBody(response: Response): Promise<Response> {
  const { status, headers } = response;
  return new Response(await readText(response.body, LIMITS.modelErrorBody), { status, headers });
}

const NEWLINE = 0x0a;

/** Only streams have lines that have to end; a document is bounded by egress. */
function withLineLimit(response: Response): Response {
  const { body, status, headers } = response;
  if (body === null || !headers.get("content-type")?.includes("text/event-stream")) return response;
  const reader = body.getReader();
  let lineBytes = 0;

  function isTooLong(chunk: Uint8Array): boolean {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (lineBytes + end - start > LIMITS.sseLine) return true;
      lineBytes = 0;
      start = end + 1;
    }
    lineBytes += chunk.length - start;
    return lineBytes > LIMITS.sseLine;
  }

  const limited = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        if (!isTooLong(value)) return controller.enqueue(value);
        await reader.cancel();
        throw malformed("a line of the stream is too long");
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(limited, { status, headers });
}
