import { toPlainId, toPlainResponse } from "#features/responses/output/to-plain-response.ts";
import type { ResponseHead } from "#features/responses/output/to-response.ts";
import type { StreamEvent } from "#features/responses/stream/stream-events.ts";
import type { Vocabulary } from "#features/responses/vocabulary.ts";

/** Returns an encoder of events as server-sent events, in the words of the reader. */
export function createFrameEncoder(vocabulary: Vocabulary, head: ResponseHead): (event: StreamEvent) => string {
  // All events of one stream name the response alike.
  const id = vocabulary === "goclaw" ? toPlainId(head.id) : head.id;
  return (event) => {
    const own = vocabulary === "openai" ? undefined : toOwnEvent(event, { ...head, id });
    const ownFrame = own === undefined ? "" : `data: ${JSON.stringify(own)}\n\n`;
    if (vocabulary === "goclaw") return ownFrame;
    return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n${ownFrame}`;
  };
}

/** Returns the event of GoClaw's own vocabulary that tells the same, or undefined if there is none. */
function toOwnEvent(event: StreamEvent, { id, created_at }: Pick<ResponseHead, "id" | "created_at">) {
  switch (event.type) {
    case "response.created":
      return { type: "response.started", response: { id, status: "in_progress", created_at } };
    case "response.output_text.delta":
      return { type: "response.delta", delta: { type: "content", content: event.delta } };
    case "response.reasoning_summary_text.delta":
      return { type: "response.delta", delta: { type: "reasoning", content: event.delta } };
    case "response.completed":
    case "response.incomplete":
    case "response.failed": {
      const { status, output, usage, error } = toPlainResponse(event.response);
      const calls = output.filter(({ type }) => type === "function_call");
      return {
        type: "response.done",
        response: {
          id,
          status,
          ...(calls.length > 0 && { output: calls }),
          ...(usage && { usage }),
          ...(status === "failed" && { error }),
        },
      };
    }
    case "error":
      return { type: "response.done", response: { id, status: "failed", error: event.message } };
    default:
      return undefined;
  }
}
