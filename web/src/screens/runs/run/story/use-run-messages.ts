import { useParams } from "@tanstack/react-router";
import type { OutputOf } from "#client/index.ts";
import { useCall } from "#web/live/use-call.ts";

export type RunMessage = OutputOf<"runs.messages">["messages"][number];

/** The newest messages of a run are shown. A person reads older ones in the chat. */
const LIMIT = 100;

/** Reads the conversation as the run found it, with what the run wrote. */
export function useRunMessages() {
  const { runId } = useParams({ from: "/runs/$runId" });
  const { data } = useCall("runs.messages", { id: runId, limit: LIMIT, from_end: true });
  return { runId, data };
}

/** Returns what a person reads of a message: its words, its files by name, calls and their results. */
export const toText = ({ parts }: RunMessage): string =>
  parts
    .flatMap((part) => {
      switch (part.type) {
        case "text":
          return [part.text];
        case "image":
          return [`[${part.media_type}]`];
        case "file":
          return [`[${part.filename ?? part.media_type}]`];
        case "tool_call":
          return [`${part.name}(${JSON.stringify(part.arguments)})`];
        case "tool_result":
          return [part.text];
        default:
          return [];
      }
    })
    .join("\n\n");
