import type { OutputOf } from "#client/index.ts";
import type { CallState, RunState, TurnState } from "#web/chat/run/run-state.ts";

export type StoredMessage = OutputOf<"sessions.messages">["messages"][number];
export type MediaPart = Extract<StoredMessage["parts"][number], { type: "image" | "file" }>;

/** What a person said. */
export interface PersonItem {
  readonly kind: "person";
  readonly key: string;
  /** Empty until it is stored. */
  readonly messageId: string;
  /** The message before it, from which another version of it goes on. */
  readonly parentId: string | null;
  readonly text: string;
  readonly author?: string;
  readonly isFollowUp: boolean;
  readonly media: readonly MediaPart[];
  readonly at: string;
}

/** What an agent did and said in a run, up to the next words of a person. */
export interface AgentItem {
  readonly kind: "agent";
  readonly key: string;
  readonly runId: string | null;
  readonly turns: readonly TurnState[];
  readonly media: readonly MediaPart[];
  readonly refused?: StoredMessage["refused"];
  /** The id of its last message, from which another answer could go on. */
  readonly messageId: string | undefined;
  readonly at: string;
  /** The run, while it goes on or just ended. */
  readonly live?: RunState;
}

export type Item = PersonItem | AgentItem;

/** Puts stored messages together to what people and agents said in turns. */
export function toItems(messages: readonly StoredMessage[]): readonly Item[] {
  const items: Item[] = [];
  const runs = new Set<string>();
  for (const message of messages) {
    const last = items.at(-1);
    if (message.role === "user") items.push(toPerson(message));
    else if (message.role === "assistant") {
      const isSame = last?.kind === "agent" && last.runId === message.run_id;
      if (isSame) items[items.length - 1] = addTurn(last, message);
      else items.push(addTurn(newAgentItem(message, runs), message));
    } else if (message.role === "tool" && last?.kind === "agent") {
      items[items.length - 1] = { ...addResults(last, message), messageId: message.id };
    }
  }
  return items;
}

function toPerson({ id, parent_id, parts, created_at }: StoredMessage): PersonItem {
  const texts = parts.filter((part) => part.type === "text");
  const author = texts.find((part) => part.author)?.author;
  return {
    kind: "person",
    key: id,
    messageId: id,
    parentId: parent_id,
    text: texts.map(({ text }) => text).join("\n\n"),
    ...(author !== undefined && { author }),
    isFollowUp: texts.some((part) => part.is_follow_up),
    media: mediaOf(parts),
    at: created_at,
  };
}

/** `runs` are those of the items before it. */
function newAgentItem({ id, run_id, created_at }: StoredMessage, runs: Set<string>): AgentItem {
  // A live answer and the stored one are the same item, so nothing flickers or folds at the end of a run.
  const key = run_id === null || runs.has(run_id) ? id : run_id;
  if (run_id !== null) runs.add(run_id);
  return { ...{ kind: "agent", key, runId: run_id, turns: [], media: [] }, messageId: id, at: created_at };
}

function addTurn(item: AgentItem, { id, parts, is_complete, refused }: StoredMessage): AgentItem {
  const textOf = (type: "text" | "reasoning") =>
    parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
  const turn: TurnState = {
    messageId: id,
    text: textOf("text"),
    reasoning: textOf("reasoning"),
    isComplete: is_complete,
    calls: parts.flatMap((part) =>
      part.type === "tool_call"
        ? [{ id: part.id, name: part.name, arguments: part.arguments, isClient: part.is_client ?? false }]
        : [],
    ),
  };
  return {
    ...item,
    turns: [...item.turns, turn],
    media: [...item.media, ...mediaOf(parts)],
    messageId: id,
    ...(refused && { refused }),
  };
}

function addResults(item: AgentItem, { parts }: StoredMessage): AgentItem {
  const results = new Map(
    parts.flatMap((part) =>
      part.type === "tool_result" ? [[part.call_id, { text: part.text, isError: part.is_error }] as const] : [],
    ),
  );
  const withResult = (call: CallState): CallState => {
    const result = results.get(call.id);
    return result ? { ...call, result } : call;
  };
  return {
    ...item,
    turns: item.turns.map((turn) =>
      turn.calls.some(({ id }) => results.has(id)) ? { ...turn, calls: turn.calls.map(withResult) } : turn,
    ),
  };
}

const mediaOf = (parts: StoredMessage["parts"]): readonly MediaPart[] =>
  parts.filter((part) => part.type === "image" || part.type === "file");
