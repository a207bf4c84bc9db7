import { useMemo, useState } from "react";
import type { GoClawError, InputOf, OutputOf } from "#client/index.ts";
import type { Draft } from "#web/chat/composer/composer.tsx";
import { type FollowedRun, useFollowedRun } from "#web/chat/run/use-followed-run.ts";
import { type AgentItem, type Item, type StoredMessage, toItems } from "#web/chat/transcript/to-items.ts";
import { useStoredMessages } from "#web/chat/transcript/use-stored-messages.ts";
import { useAction, useCall } from "#web/live/use-call.ts";

type Run = OutputOf<"runs.get">;

/** Unsaved settings of an agent. */
export type RunDraft = NonNullable<InputOf<"runs.start">["draft"]>;

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

/** What was sent from this page. It is shown until it is in the transcript. */
interface Sent {
  readonly runId: string;
  readonly text: string;
  readonly at: string;
  /** How long the transcript was then. */
  readonly place: number;
  /** True if it steers a run that was under way. */
  readonly isFollowUp: boolean;
}

const AT_WORK: readonly string[] = ["running", "waiting"];
const ACTIVE: readonly string[] = ["queued", ...AT_WORK];
/** How many runs of the session are known with their cost. */
const RUNS = 100;

/**
 * A conversation with an agent: what is stored, what is under way, and what a person does. Without a session, the first
 * message begins one. With a draft, the agent answers as it would with these settings.
 */
export function useConversation(agent: string, sessionKey: string | undefined, draft?: RunDraft): Conversation {
  const isEnabled = sessionKey !== undefined;
  const key = sessionKey ?? "";
  const session = useCall("sessions.get", { key }, { isEnabled });
  const list = useCall("runs.list", { session_key: key, limit: RUNS }, { isEnabled });
  const stored = useStoredMessages(sessionKey, session.dataUpdatedAt);
  const [all, setAll] = useState<readonly Sent[]>([]);
  const sent = all.at(-1);
  const start = useAction("runs.start");
  const cancel = useAction("runs.cancel");

  const runs = useMemo(() => new Map(list.data?.runs.map((run) => [run.id, run])), [list.data]);
  // Runs that wait for the one at work are newer than it.
  const latest = list.data?.runs.find(({ status }) => AT_WORK.includes(status)) ?? list.data?.runs[0];
  // A run that was just started may be missing in the list, and is then the latest one.
  const isOwn = sent !== undefined && (latest?.id === sent.runId || !runs.has(sent.runId));
  // A completed run is in the transcript. The others have something to say that no message holds.
  const atWork = isOwn ? sent.runId : latest?.status === "completed" ? undefined : latest?.id;
  const [watched, setWatched] = useState(atWork);
  // A run that has just ended is shown until its messages are read, so that its answer never vanishes.
  const runId = atWork ?? (session.isFetching || !stored.isCurrent ? watched : undefined);
  if (runId !== watched) setWatched(runId);
  const followed = useFollowedRun(runId);
  const { messages, start: first } = stored;
  const items = useMemo(() => toShown({ messages, first }, followed, all), [messages, first, followed, all]);
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
      const place = stored.start + stored.messages.length;
      const run = await start.mutateAsync({
        id: agent,
        input: text,
        on_busy: "steer",
        ...(sessionKey !== undefined && { session_key: sessionKey }),
        ...(attachments.length > 0 && { attachments }),
        ...(draft && { draft }),
      });
      const isFollowUp = isBusy && run.id === runId;
      setAll((before) => [...before, { runId: run.id, text, at: new Date().toISOString(), place, isFollowUp }]);
      return run;
    },
    stop() {
      if (runId !== undefined) cancel.mutate({ id: runId });
    },
  };
}

/** Puts together what is stored and the run that is followed, whose own messages are shown as they grow. */
function toShown(
  { messages, first }: { readonly messages: readonly StoredMessage[]; readonly first: number },
  followed: FollowedRun | undefined,
  sent: readonly Sent[],
): readonly Item[] {
  const others = messages.filter(({ role, run_id }) => role === "user" || run_id !== followed?.runId);
  const items: Item[] = [...toItems(others)];
  const waiting = sent.filter(({ text, place }) => !messages.slice(Math.max(0, place - first)).some(isSaying(text)));
  items.push(...waiting.filter(({ isFollowUp }) => !isFollowUp).map(toPending));
  if (followed) items.push(toLive(followed));
  // The agent reads these before its next step.
  items.push(...waiting.filter(({ isFollowUp }) => isFollowUp).map(toPending));
  return items;
}

const isSaying =
  (text: string) =>
  ({ role, parts }: StoredMessage): boolean =>
    role === "user" && (text === "" || parts.some((part) => "text" in part && part.text === text));

const toPending = ({ runId, text, at, isFollowUp }: Sent): Item => ({
  ...{ kind: "person", key: `sent ${runId} ${at}`, messageId: "", parentId: null, media: [] },
  ...{ text, at, isFollowUp },
});

const toLive = ({ runId, state }: FollowedRun): AgentItem => ({
  kind: "agent",
  key: runId,
  runId,
  turns: state.turns,
  media: [],
  messageId: state.turns.at(-1)?.messageId,
  at: new Date().toISOString(),
  live: state,
});
