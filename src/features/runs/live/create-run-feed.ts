import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { Context } from "#core/context.ts";
import type { RunFeed, RunFeedOptions, RunFrame } from "#core/live/run-feed.ts";
import { AgentEvents } from "#features/runs/live/agent-events.ts";
import { type RunFacts, RunFactsReader } from "#features/runs/live/run-facts.ts";
import { readCursor, toWire } from "#features/runs/read-run-events.ts";
import { signDeltas } from "#features/runs/sign-deltas.ts";
import { runEngine } from "#runtime/engine/index.ts";
import type { FollowedEvent } from "#runtime/runs/index.ts";

/** Pieces of text that are kept encoded, because all who keep up with a run receive the same ones. */
const MAX_SHARED = 200;

/** Creates the feed of runs for connections. */
export function createRunFeed(): RunFeed {
  const facts = new RunFactsReader();
  const shared = new BoundedCache<string, string>({ max: MAX_SHARED });
  const once = (key: string, encode: () => string): string => {
    const text = shared.get(key) ?? encode();
    shared.set(key, text);
    return text;
  };
  return {
    follow: (ctx, options) =>
      options.dialect === "goclaw" ? followAsAgentEvents(ctx, options, facts, once) : followAsRunEvents(ctx, options),
  };
}

type Once = (key: string, encode: () => string) => string;

const eventsOf = (ctx: Context, { runId, after, signal }: RunFeedOptions): AsyncIterable<FollowedEvent> =>
  signDeltas(ctx, ctx.use(runEngine).follow(ctx.db, runId, readCursor(after), AbortSignal.any([signal, ctx.signal])));

async function* followAsRunEvents(ctx: Context, options: RunFeedOptions): AsyncGenerator<RunFrame> {
  for await (const followed of eventsOf(ctx, options)) {
    const payload = { run_id: options.runId, ...(await toWire(ctx, followed)) };
    yield { event: "run", payload: JSON.stringify(payload) };
  }
}

async function* followAsAgentEvents(
  ctx: Context,
  options: RunFeedOptions,
  reader: RunFactsReader,
  once: Once,
): AsyncGenerator<RunFrame> {
  const facts = await reader.read(ctx.db, options.runId);
  const converter = new AgentEvents(ctx, facts);
  for await (const followed of eventsOf(ctx, options)) {
    const { event, cursor } = followed;
    if (event.type === "text.delta" || event.type === "reasoning.delta") {
      const type = event.type === "text.delta" ? "chunk" : "thinking";
      const key = `${options.runId} ${type} ${event.seq} ${event.offset} ${event.text.length}`;
      const encode = () => JSON.stringify(toEnvelope(facts, cursor, type, { content: event.text }));
      // A link is signed for one reader alone.
      yield { event: "agent", payload: event.text.includes("?ft=") ? encode() : once(key, encode) };
      continue;
    }
    for (const { type, payload } of await converter.convert(event)) {
      yield { event: "agent", payload: JSON.stringify(toEnvelope(facts, cursor, type, payload)) };
    }
  }
}

/** The payload of an event `agent`. `cursor` is where the run's events are resumed after this one. */
const toEnvelope = (facts: RunFacts, cursor: string, type: string, payload: object | undefined) => ({
  type,
  agentId: facts.agentKey,
  runId: facts.runId,
  ...(RUN_KINDS.has(facts.kind) && { runKind: facts.kind }),
  ...(payload && { payload }),
  ...(facts.parentRunId !== null && { parentRunId: facts.parentRunId }),
  userId: facts.userId,
  channel: facts.kind,
  chatId: facts.userId,
  sessionKey: facts.sessionKey,
  cursor,
});

/** Runs that no person asked for directly. */
const RUN_KINDS = new Set(["delegate", "announce"]);
