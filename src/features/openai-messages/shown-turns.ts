import {
  type Message,
  type MessagePart,
  type NewMessage,
  type ToolCallPart,
  textOf,
  toolCallsOf,
  toolResultsOf,
} from "#runtime/transcript/index.ts";

/** The texts of several model calls are shown as one answer, with this between them. */
export const BETWEEN_TEXTS = "\n\n";

/** A turn of a conversation as its caller sees it: without the gateway's own tools and reasoning. */
export interface ShownTurn {
  readonly role: NewMessage["role"];
  readonly runId: string | null;
  readonly text: string;
  /** The hashes of images and files. */
  readonly blobs: readonly string[];
  readonly calls: readonly ToolCallPart[];
  /** Pairs of a call's id and its result. */
  readonly results: readonly (readonly [string, string])[];
}

/** Returns messages as their caller sees them. What one run said in several model calls is one turn. */
export function toShownTurns(messages: readonly (Message | NewMessage)[]): readonly ShownTurn[] {
  const shown: ShownTurn[] = [];
  const clientCalls = new Set<string>();
  for (const message of messages) {
    const turn = toShownTurn(message, clientCalls);
    const last = shown.at(-1);
    if (isHidden(turn)) continue;
    const continues = turn.role === "assistant" && last?.role === "assistant" && turn.runId !== null;
    if (continues && last.runId === turn.runId) shown[shown.length - 1] = join(last, turn);
    else shown.push(turn);
  }
  return shown;
}

function toShownTurn(message: Message | NewMessage, clientCalls: Set<string>): ShownTurn {
  const { role, parts } = message;
  const calls = toolCallsOf(parts).filter(({ is_client }) => is_client);
  for (const { id } of calls) clientCalls.add(id);
  const results = toolResultsOf(parts).flatMap(({ call_id, text }) =>
    clientCalls.has(call_id) ? [[call_id, text] as const] : [],
  );
  const runId = "run_id" in message ? message.run_id : null;
  return { role, runId, text: textOf(parts), blobs: parts.flatMap(toBlob), calls, results };
}

const toBlob = (part: MessagePart): readonly string[] =>
  part.type === "image" || part.type === "file" ? [part.blob] : [];

/** Returns whether a turn is the gateway's own: results of its tools, or its notes to the model. */
const isHidden = ({ role, runId, results }: ShownTurn): boolean =>
  (role === "tool" && results.length === 0) || (role === "system" && runId !== null);

const join = (before: ShownTurn, turn: ShownTurn): ShownTurn => ({
  ...turn,
  text: [before.text, turn.text].filter((text) => text !== "").join(BETWEEN_TEXTS),
  calls: [...before.calls, ...turn.calls],
});

/** Returns whether two conversations are the same for the caller. Results of one turn may come in any order. */
export const areSame = (one: readonly ShownTurn[], other: readonly ShownTurn[]): boolean =>
  one.length === other.length && one.every((turn, index) => keyOf(turn) === keyOf(other[index]));

const keyOf = (turn: ShownTurn | undefined): string =>
  JSON.stringify([
    turn?.role,
    turn?.text.trim(),
    turn?.blobs,
    turn?.calls.map((call) => [call.id, call.name, toComparable(call.arguments)]),
    turn?.results.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);

/** Clients may write the same arguments with other white space. */
function toComparable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.trim();
  }
}
