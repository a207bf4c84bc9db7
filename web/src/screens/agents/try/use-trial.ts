import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useFollowedRun } from "#web/chat/run/use-followed-run.ts";
import { type Item, type PersonItem, toItems } from "#web/chat/transcript/to-items.ts";
import { useAction, useCall } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";

/** As many as one answer may have. A trial is short. */
const MOST = 200;

interface Trial {
  readonly items: readonly Item[];
  readonly sessionKey: string | undefined;
  readonly isBusy: boolean;
  readonly refusal: string | undefined;
  readonly send: (text: string) => void;
  readonly stop: () => void;
  /** Begins another conversation. */
  readonly restart: () => void;
}

interface Sent {
  readonly run: OutputOf<"runs.start">;
  readonly text: string;
}

/** A conversation that tries an agent: each message is a run, in a session of its own. */
export function useTrial(agent: Agent): Trial {
  const start = useAction("runs.start");
  const cancel = useAction("runs.cancel");
  const [sent, setSent] = useState<Sent>();
  const sessionKey = sent?.run.session_key;
  const runId = sent?.run.id;
  const followed = useFollowedRun(runId);
  const stored = useCall(
    "sessions.messages",
    { key: sessionKey ?? "", limit: MOST, from_end: true },
    { isEnabled: sessionKey !== undefined },
  );
  const items = useMemo(() => {
    if (!sent) return [];
    const before = (stored.data?.messages ?? []).filter(({ run_id }) => run_id !== sent.run.id);
    return [...toItems(before), toQuestion(sent), ...toAnswer(sent, followed?.state)];
  }, [stored.data, sent, followed?.state]);

  return {
    items,
    sessionKey,
    isBusy: start.isPending || (runId !== undefined && followed?.state.phase !== "ended" && !followed?.refusal),
    refusal: (start.error ?? followed?.refusal)?.message,
    send: (text) =>
      start.mutate(
        { id: agent.id, input: text, ...(sessionKey !== undefined && { session_key: sessionKey }) },
        { onSuccess: (run) => setSent({ run, text }) },
      ),
    stop: () => runId !== undefined && cancel.mutate({ id: runId }),
    restart() {
      start.reset();
      setSent(undefined);
    },
  };
}

const toQuestion = ({ run, text }: Sent): PersonItem => ({
  kind: "person",
  key: `${run.id} question`,
  messageId: run.id,
  parentId: null,
  text,
  isFollowUp: false,
  media: [],
  at: run.created_at,
});

type Followed = ReturnType<typeof useFollowedRun>;

function toAnswer({ run }: Sent, state: NonNullable<Followed>["state"] | undefined): readonly Item[] {
  if (!state) return [];
  return [
    {
      kind: "agent",
      key: `${run.id} answer`,
      runId: run.id,
      turns: state.turns,
      media: [],
      messageId: undefined,
      at: run.created_at,
      live: state,
    },
  ];
}
