import { useMemo, useState } from "react";
import type { GoClawError, OutputOf } from "#client/index.ts";
import type { Draft } from "#web/chat/composer/composer.tsx";
import { type FollowedRun, useFollowedRun } from "#web/chat/run/use-followed-run.ts";
import { type AgentItem, type Item, type StoredMessage, toItems } from "#web/chat/transcript/to-items.ts";
import { useStoredMessages } from "#web/chat/transcript/use-stored-messages.ts";
import { useAction, useCall } from "#web/live/use-call.ts";

type Run = OutputOf<"runs.get">;

export interface Conversation {
  readonly items: readonly Item[];
  readonly session: OutputOf<"sessions.get"> | undefined;
  /** The newest runs of the session, by their ids. */
  readonly runs: ReadonlyMap<string, Run>;
  readonly isLoaded: boolean;
  readonly isBusy: boolean;
  readonly refusal: GoClawError | null;
  readonly loadOlder: (() => void) | undefined;
  /** Resolves to the run that was started, or that the message steers. */
  readonly send: (draft: Draft) => Promise<Run>;
  readonly stop: () => void;
}

/** What was sent and is not yet in the transcript. */
interface Sent {
  readonly runId: string;
  readonly text: string;
  readonly at: string;
}

const ACTIVE: readonly string[] = ["queued", "running", "waiting"];
/** How many runs of the session are known with their cost. */
const RUNS = 100;

/**
 * A conversation with an agent: what is stored, what is under way, and what a person does. Without a session, the first
 * message begins one.
 */
export function useConversation(agent: string, sessionKey: string | undefined): Conversation {
  const isEnabled = sessionKey !== undefined;
  const key = sessionKey ?? "";
  const session = useCall("sessions.get", { key }, { isEnabled });
  const list = useCall("runs.list", { session_key: key, limit: RUNS }, { isEnabled });
  const stored = useStoredMessages(sessionKey, session.data?.messageCount);
  const [sent, setSent] = useState<Sent>();
  const start = useAction("runs.start");
  const cancel = useAction("runs.cancel");

  const runs = useMemo(() => new Map(list.data?.runs.map((run) => [run.id, run])), [list.data]);
  const latest = list.data?.runs[0];
  // A run that was just started may be missing in the list, and is then the latest one.
  const isOwn = sent !== undefined && (latest?.id === sent.runId || !runs.has(sent.runId));
  // A completed run is in the transcript. The others have something to say that no message holds.
  const runId = isOwn ? sent.runId : latest?.status === "completed" ? undefined : latest?.id;
  const followed = useFollowedRun(runId);
  const items = useMemo(() => toShown(stored.messages, followed, sent), [stored.messages, followed, sent]);
  const isBusy = followed ? followed.state.phase !== "ended" : latest !== undefined && ACTIVE.includes(latest.status);

  return {
    items,
    session: session.data,
    runs,
    isLoaded: !isEnabled || stored.isLoaded,
    isBusy,
    refusal: session.error ?? stored.refusal ?? null,
    loadOlder: stored.loadOlder,
    async send({ text, attachments }) {
      const run = await start.mutateAsync({
        id: agent,
        input: text,
        on_busy: "steer",
        ...(sessionKey !== undefined && { session_key: sessionKey }),
        ...(attachments.length > 0 && { attachments }),
      });
      setSent({ runId: run.id, text, at: new Date().toISOString() });
      return run;
    },
    stop() {
      if (runId !== undefined) cancel.mutate({ id: runId });
    },
  };
}

/** Puts together what is stored and the run that is followed, whose own messages are shown as they grow. */
function toShown(
  messages: readonly StoredMessage[],
  followed: FollowedRun | undefined,
  sent: Sent | undefined,
): readonly Item[] {
  const others = messages.filter(({ role, run_id }) => role === "user" || run_id !== followed?.runId);
  const items: Item[] = [...toItems(others)];
  const isStored = messages.some(({ role, run_id }) => role === "user" && run_id === sent?.runId);
  if (sent && !isStored) items.push(toPending(sent));
  if (followed) items.push(toLive(followed));
  return items;
}

const toPending = ({ runId, text, at }: Sent): Item => ({
  ...{ kind: "person", key: `sent ${runId}`, messageId: "", parentId: null, isFollowUp: false, media: [] },
  ...{ text, at },
});

const toLive = ({ runId, state }: FollowedRun): AgentItem => ({
  kind: "agent",
  key: `${runId} live`,
  runId,
  turns: state.turns,
  media: [],
  messageId: state.turns.at(-1)?.messageId,
  at: new Date().toISOString(),
  live: state,
});
