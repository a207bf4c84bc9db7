import type { TenantQueries } from "#db/tenant-queries.ts";
import { chainMessages, insertMessages, mergeToolMessages, requireWholeTurns } from "#runtime/append-messages.ts";
import type { Message, NewMessage } from "#runtime/message-parts.ts";
import {
  emptySession,
  insertNewSession,
  type MakeKey,
  type SessionRow,
  type SessionWish,
  textBytesOf,
  withFreshKey,
} from "#runtime/session-store.ts";

export interface StartedSession {
  readonly session: SessionRow;
  readonly stored: readonly Message[];
}

/** A new session with its first messages, given to a run, written once as it shall be. */
export async function startSession(
  queries: TenantQueries,
  wish: SessionWish,
  makeKey: MakeKey,
  messages: readonly NewMessage[],
  runId: string,
  now: string,
): Promise<StartedSession> {
  const turns = mergeToolMessages(messages);
  requireWholeTurns([], turns);
  const empty = emptySession(wish, "", now);
  const stored = chainMessages(undefined, turns, { runId: null, now });
  const whole: SessionRow = {
    ...empty,
    head_id: stored.at(-1)?.id ?? null,
    active_run_id: runId,
    message_count: stored.length,
    text_bytes: textBytesOf(turns),
  };
  const session = await withFreshKey(makeKey, async (key) => {
    const row = { ...whole, key };
    return (await insertNewSession(queries, row)) ? row : undefined;
  });
  await insertMessages(queries, session.id, undefined, stored);
  return { session, stored };
}
