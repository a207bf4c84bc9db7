import { useMemo } from "react";
import { useWatch } from "react-hook-form";
import { useAction } from "#web/live/use-call.ts";
import { type Form, useForm } from "#web/live/use-form.ts";
import { type Agent, type AgentDraft, toDraft } from "#web/screens/agents/draft/agent-draft.ts";
import { toChanges } from "#web/screens/agents/draft/to-changes.ts";
import type { WrittenFile } from "#web/screens/agents/draft/use-run-draft.ts";

export type AgentForm = Form<AgentDraft>;

/** What a tab of an agent's screen gets. */
export interface AgentTabProps {
  readonly agent: Agent;
  /** The draft of all settings. It stays while a person goes from tab to tab. */
  readonly form: AgentForm;
  readonly mayChange: boolean;
  /** Tells of a file that is written but not saved, so that it can be tried. */
  readonly onWrite: (file: WrittenFile | undefined) => void;
}

/** The form of an agent's settings. Only what differs is sent. */
export function useAgentForm(agent: Agent): AgentForm {
  const update = useAction("agents.update");
  const values = useMemo(() => toDraft(agent), [agent]);
  const form = useForm<AgentDraft>({
    defaultValues: values,
    values,
    async send(draft) {
      await update.mutateAsync({ id: agent.id, ...toChanges(agent, draft) });
      form.reset(draft, { keepDirtyValues: false });
    },
  });
  return form;
}

/** Returns how many settings of an agent the draft changes. */
export function useChangeCount(agent: Agent, { control }: AgentForm): number {
  const draft = useWatch({ control }) as AgentDraft;
  return Object.keys(toChanges(agent, draft)).length;
}
