import type { Context } from "#core/context.ts";
import { areSame, toShownTurns } from "#features/openai-messages/shown-turns.ts";
import {
  type ClientCall,
  findClientCalls,
  type Message,
  mergeToolMessages,
  type NewMessage,
  readGatewayResults,
  readMessagesOfRuns,
  readTranscript,
  type SessionRequest,
  toolCallsOf,
  toolResultsOf,
} from "#runtime/transcript/index.ts";

/** The turns that a run starts with, and the stored turn that they follow, if any. */
export interface ResumedConversation {
  readonly branchFrom?: string;
  readonly turns: readonly NewMessage[];
}

/**
 * Takes up a conversation whose tool results answer calls that the gateway handed out. If the turns before the results
 * are the stored ones, the stored turn is continued. Else the request's own turns count, because the caller may have
 * edited, trimmed or summarised them. Either way the results of the gateway's tools in these turns are put back.
 */
export async function resumeConversation(
  ctx: Context,
  turns: readonly NewMessage[],
  { agentId, userId, mayUseAny }: Pick<SessionRequest, "agentId" | "userId" | "mayUseAny">,
): Promise<ResumedConversation> {
  const merged = mergeToolMessages(turns);
  const ids = merged.flatMap(answeredIds);
  const known = await findClientCalls(ctx.db.read, ids, agentId, mayUseAny ? undefined : userId);
  const calls = new Map(known.map((call) => [call.id, call]));
  const last = merged.findLastIndex((turn) => findCall(turn, calls) !== undefined);
  const call = findCall(merged[last], calls);
  if (!call) return { turns };

  const before = merged.slice(0, last);
  const isStored = before.length === 0 || (await isStoredPath(ctx, call, before));
  if (isStored) return { branchFrom: call.messageId, turns: merged.slice(last) };
  return { turns: await restoreTurns(ctx, merged, calls) };
}

type KnownCalls = ReadonlyMap<string, ClientCall>;

const answeredIds = ({ parts }: NewMessage): readonly string[] => toolResultsOf(parts).map(({ call_id }) => call_id);

/** Returns the first of the calls that a turn answers and the gateway handed out. */
function findCall(turn: NewMessage | undefined, calls: KnownCalls): ClientCall | undefined {
  const id = turn && answeredIds(turn).find((answered) => calls.has(answered));
  return id === undefined ? undefined : calls.get(id);
}

async function isStoredPath(ctx: Context, { messageId }: ClientCall, turns: readonly NewMessage[]): Promise<boolean> {
  return areSame(toShownTurns(turns), toShownTurns(await readTranscript(ctx.db.read, messageId)));
}

/** Returns the request's turns with the gateway's own calls and their results, where the request answers known calls. */
async function restoreTurns(
  ctx: Context,
  turns: readonly NewMessage[],
  calls: KnownCalls,
): Promise<readonly NewMessage[]> {
  const runIds = new Set([...calls.values()].map(({ runId }) => runId));
  const messageIds = new Set([...calls.values()].map(({ messageId }) => messageId));
  const written = await readMessagesOfRuns(ctx.db.read, [...runIds]);
  const results = await readGatewayResults(ctx.db.read, [...messageIds]);
  const restored: NewMessage[] = [];
  for (const turn of turns) {
    const call = findCall(turn, calls);
    if (!call) {
      restored.push(turn);
      continue;
    }
    const sent = restored.at(-1)?.role === "assistant" ? restored.pop() : undefined;
    restored.push(...restoreAnswer(sent, segmentOf(written, call)));
    restored.push({ role: "tool", parts: [...(results.get(call.messageId) ?? []), ...turn.parts] });
  }
  return restored;
}

/** Returns what a run wrote up to and including the message that made a call. */
function segmentOf(written: readonly Message[], { runId, messageId }: ClientCall): readonly Message[] {
  const ofRun = written.filter(({ run_id, role }) => run_id === runId && role !== "system");
  return ofRun.slice(0, ofRun.findIndex(({ id }) => id === messageId) + 1);
}

/**
 * Returns the answer that made the calls. An answer as stored comes back whole. One that the caller changed keeps its
 * words, and only gets the calls of the gateway's tools back. One that the caller left out is the stored message.
 */
function restoreAnswer(sent: NewMessage | undefined, segment: readonly Message[]): readonly NewMessage[] {
  const stored = segment.at(-1);
  if (!stored) return sent ? [sent] : [];
  if (!sent) return [stored].map(toNew);
  if (areSame(toShownTurns([sent]), toShownTurns(segment))) return segment.map(toNew);
  const storedCalls = new Map(toolCallsOf(stored.parts).map((part) => [part.id, part]));
  const gatewayCalls = [...storedCalls.values()].filter(({ is_client }) => !is_client);
  const parts = sent.parts.map((part) => {
    const known = part.type === "tool_call" ? storedCalls.get(part.id) : undefined;
    return known && part.type === "tool_call" && known.arguments === part.arguments ? known : part;
  });
  return [{ role: "assistant", parts: [...parts, ...gatewayCalls] }];
}

const toNew = ({ role, parts }: Message): NewMessage => ({ role, parts });
