import type { TenantQueries } from "#db/tenant-queries.ts";
import {
  chainMessages,
  insertMessages,
  mergeToolMessages,
  requireWholeTurns,
} from "#runtime/transcript/append-messages.ts";
import type { Message, NewMessage } from "#runtime/transcript/message-parts.ts";
import {
  emptySession,
  insertNewSession,
  type SessionRequest,
  type SessionRow,
  textBytesOf,
} from "#runtime/transcript/session-store.ts";
import type { MakeKey, SessionSuffixes } from "#runtime/transcript/session-suffixes.ts";

export interface NewSession {
  readonly request: SessionRequest;
  readonly makeKey: MakeKey;
  readonly suffixes: SessionSuffixes;
  readonly messages: readonly NewMessage[];
  /** The run that the session belongs to from its beginning. */
  readonly runId: string;
}

export interface StartedSession {
  readonly session: SessionRow;
  readonly stored: readonly Message[];
}

/** Creates a session with its first messages and its active run. Every row is written once. */
export async function startSession(
  queries: TenantQueries,
  { request, makeKey, suffixes, messages, runId }: NewSession,
  now: string,
): Promise<StartedSession> {
  const turns = mergeToolMessages(messages);
  requireWholeTurns([], turns);
  const stored = chainMessages(undefined, turns, { runId: null, now });
  const whole: SessionRow = {
    ...emptySession(request, "", now),
    head_id: stored.at(-1)?.id ?? null,
    active_run_id: runId,
    message_count: stored.length,
    text_bytes: textBytesOf(turns),
  };
  const session = await suffixes.withFreshKey(makeKey, async (key) => {
    const row = { ...whole, key };
    return (await insertNewSession(queries, row)) ? row : undefined;
  });
  await insertMessages(queries, session.id, undefined, stored);
  return { session, stored };
}
