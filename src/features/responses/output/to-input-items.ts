import { toOutputItems } from "#features/responses/output/to-output-items.ts";
import { toMessageItemId, toResultItemId } from "#features/responses/response-ids.ts";
import type { Message, MessagePart, NewMessage } from "#runtime/transcript/index.ts";
import { toolCallsOf, toolResultsOf } from "#runtime/transcript/index.ts";

/** An item of a request as it is read back. */
export interface ShownItem {
  readonly type: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

const NO_REASONING = { showsSummary: false };

/** Returns messages as items. The calls of the gateway's own tools and their results are not the caller's to see. */
export function toInputItems(messages: readonly (Message | NewMessage)[]): readonly ShownItem[] {
  const clientCalls = new Set(
    messages.flatMap(({ parts }) => toolCallsOf(parts).flatMap(({ id, is_client }) => (is_client ? [id] : []))),
  );
  return messages.flatMap((message, index): readonly ShownItem[] => {
    const { role, parts } = message;
    // Messages that wait for their session have no ids yet.
    const id = "id" in message ? message.id : String(index);
    switch (role) {
      case "assistant":
        return toOutputItems({ ...AS_SENT, ...message, id, parts: [...parts] }, NO_REASONING, false).map((item) => ({
          ...item,
        }));
      case "tool":
        return toolResultsOf(parts)
          .filter(({ call_id }) => clientCalls.has(call_id))
          .map(({ call_id, text: output }) => ({
            type: "function_call_output",
            id: toResultItemId(call_id),
            call_id,
            output,
            status: "completed",
          }));
      default: {
        const isNote = role === "system" && "run_id" in message && message.run_id !== null;
        if (isNote) return [];
        return [
          { type: "message", id: toMessageItemId(id), role, status: "completed", content: parts.flatMap(toContent) },
        ];
      }
    }
  });
}

/** What a message lacks that did not join a transcript yet. */
const AS_SENT = { parent_id: null, run_id: null, is_complete: true, created_at: "" };

function toContent(part: MessagePart): readonly object[] {
  switch (part.type) {
    case "text":
      return [{ type: "input_text", text: part.text }];
    case "image":
      return [{ type: "input_image", detail: part.detail ?? "auto", image_url: null, file_id: null }];
    case "file":
      return [{ type: "input_file", filename: part.filename ?? null, file_id: null }];
    default:
      return [];
  }
}
