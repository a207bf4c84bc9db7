import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { Identity } from "#core/access/identity.ts";
import { defineTool, jsonPart } from "#runtime/tools/index.ts";
import {
  type Message,
  type MessagePart,
  readTranscript,
  type ToolCallPart,
  type ToolResultPart,
  textOf,
} from "#runtime/transcript/index.ts";
import { getOwnSession } from "#tools/sessions/own-sessions.ts";

/** Reads the end of a conversation of this agent with this user. */
export const sessionsHistoryTool = defineTool({
  name: "sessions_history",
  group: "sessions",
  description: "Read the latest messages of one of your conversations with this user, oldest first.",
  arguments: z.object({
    session_key: Identity.min(1).max(1_000).describe("As sessions_list shows it"),
    limit: z.int().min(1).max(LIMITS.listMax).default(LIMITS.listDefault).describe("How many of the latest messages"),
    include_tools: z.boolean().default(false).describe("Whether to show tool calls and their results"),
  }),
  effect: () => "read",
  run: async (environment, { session_key, limit, include_tools }) => {
    const { key, head_id } = await getOwnSession(environment, session_key);
    const transcript = await readTranscript(environment.db.read, head_id);
    const shown = transcript
      .map((message) => toShown(message, include_tools))
      .filter(({ text, tools }) => text || tools);
    const messages = fitting(shown.slice(-limit));
    return [jsonPart({ session_key: key, omitted: shown.length - messages.length, messages })];
  },
});

interface ShownMessage {
  readonly role: string;
  readonly at: string;
  readonly text: string;
  readonly tools?: readonly object[];
}

function toShown({ role, created_at, parts }: Message, includesTools: boolean): ShownMessage {
  const max = LIMITS.historyMessageChars;
  const ofTools = includesTools ? parts.filter(isToolPart) : [];
  const tools = ofTools.map((part) => toShownTool(part, Math.floor(max / ofTools.length)));
  return { role, at: created_at, text: shorten(textOf(parts), max), ...(tools.length > 0 && { tools }) };
}

const isToolPart = (part: MessagePart): part is ToolCallPart | ToolResultPart =>
  part.type === "tool_call" || part.type === "tool_result";

const toShownTool = (part: ToolCallPart | ToolResultPart, max: number): object =>
  part.type === "tool_call"
    ? { call: part.name, arguments: shorten(part.arguments, max) }
    : { result_of: part.name, text: shorten(part.text, max) };

const shorten = (text: string, max: number): string => (text.length <= max ? text : `${headOf(text, max)} [cut]`);

/** Returns the latest messages whose JSON fits into the limit together. */
function fitting(messages: readonly ShownMessage[]): readonly ShownMessage[] {
  let room = LIMITS.historyChars;
  const first = messages.findLastIndex((message) => {
    room -= JSON.stringify(message).length;
    return room < 0;
  });
  return messages.slice(first + 1);
}
