import type { IncomingMessage } from "node:http";
import type { RecordedMessage, RecordedRequest, Wire } from "#testing/model-server/model-reply.ts";

interface WireMessage {
  readonly role: string;
  readonly content: unknown;
}

/** Parses a request in any wire format into a record for tests and reply functions. */
export function recordRequest(wire: Wire, path: string, incoming: IncomingMessage, text: string): RecordedRequest {
  const body = JSON.parse(text);
  const messages = (wire === "google" ? toMessages(body.contents) : (body.messages ?? [])) as readonly WireMessage[];
  const recorded = messages.map(({ role, content }): RecordedMessage => ({ role, text: textOf(content) }));
  return {
    wire,
    path,
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body,
    messages: recorded,
    lastUserText: recorded.findLast(({ role, text }) => role === "user" && text !== "")?.text ?? "",
    isStream: wire === "google" ? path.endsWith(":streamGenerateContent") : body.stream === true,
    toolResults: trailingToolResults(messages),
    clientPort: incoming.socket.remotePort,
    aborted: false,
  };
}

/** Converts Google's turns to the message shape of the other formats. */
const toMessages = (contents: readonly { readonly role: string; readonly parts: readonly GooglePart[] }[] = []) =>
  contents.map(
    ({ role, parts }): WireMessage => ({
      role: role === "model" ? "assistant" : role,
      content: parts.map(({ functionResponse, ...part }) =>
        functionResponse
          ? { type: "tool_result", content: functionResponse.response?.content }
          : { type: "text", ...part },
      ),
    }),
  );

interface GooglePart {
  readonly functionResponse?: { readonly response?: { readonly content?: unknown } };
}

/**
 * Returns the tool results at the end of the conversation. OpenAI sends one message per result; the others send one
 * user message with a block per result.
 */
function trailingToolResults(messages: readonly WireMessage[]): readonly string[] {
  const start = messages.findLastIndex((message) => message.role !== "tool") + 1;
  if (start < messages.length) return messages.slice(start).map(({ content }) => textOf(content));
  const last = messages.at(-1)?.content;
  const blocks: readonly unknown[] = Array.isArray(last) ? last : [];
  return blocks.flatMap((block) => (isBlock(block) && block.type === "tool_result" ? [textOf(block.content)] : []));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isBlock(part) && typeof part.text === "string" ? part.text : "")).join("");
}

const isBlock = (part: unknown): part is { type: string; text?: unknown; content?: unknown } =>
  part !== null && typeof part === "object" && "type" in part;
