import { LIMITS } from "#base/limits.ts";
import { McpError } from "#mcp/mcp-error.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Ends the body of an answer that is larger than `LIMITS.mcpMessageBytes`, and reports it. In an event stream, which may
 * live for hours, the limit is for each event.
 */
export function boundResponse(response: Response, onBreach: (breach: McpError) => void): Response {
  if (!response.body) return response;
  const isStream = response.headers.get("content-type")?.toLowerCase().startsWith("text/event-stream") ?? false;
  const counter = isStream ? new EventCounter() : new TotalCounter();
  const bounded = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (counter.add(chunk) <= LIMITS.mcpMessageBytes) return controller.enqueue(chunk);
        const breach = tooLarge();
        onBreach(breach);
        throw breach;
      },
    }),
  );
  const { status, headers } = response;
  return Object.defineProperties(new Response(bounded, { status, headers }), {
    url: { value: response.url },
    redirected: { value: response.redirected },
    statusText: { value: response.statusText },
  });
}

export const tooLarge = (): McpError =>
  new McpError("misbehaved", `the server sent more than ${LIMITS.mcpMessageBytes} bytes in one message`);

class TotalCounter {
  #bytes = 0;

  add(chunk: Uint8Array): number {
    this.#bytes += chunk.byteLength;
    return this.#bytes;
  }
}

/** Counts the bytes since the last empty line, which ends an event. */
class EventCounter {
  #bytes = 0;
  #isLineEmpty = true;

  /** Returns the size of the largest event that the chunk touches. */
  add(chunk: Uint8Array): number {
    let largest = 0;
    for (const byte of chunk) {
      if (byte === CARRIAGE_RETURN) continue;
      this.#bytes++;
      if (byte !== LINE_FEED) this.#isLineEmpty = false;
      else if (this.#isLineEmpty) this.#bytes = 0;
      else this.#isLineEmpty = true;
      if (this.#bytes > largest) largest = this.#bytes;
    }
    return largest;
  }
}
