import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { mayEdit } from "#web/screens/agents/draft/may-edit.ts";
import { useToast } from "#web/ui/toast.tsx";

interface AgentActions {
  readonly mayChange: boolean;
  readonly maySetDefault: boolean;
  /** Lets the agent serve the calls that name none. */
  readonly setDefault: () => void;
  /** Switches it on or off, which can be undone. */
  readonly toggle: () => void;
}

/** What a caller can do with an agent at once, without a form. */
export function useAgentActions(agent: Agent): AgentActions {
  const { agents: words } = useTexts();
  const caller = useCaller();
  const update = useAction("agents.update");
  const toast = useToast();
  const mayChange = mayEdit(caller, agent);
  const name = agent.display_name || agent.agent_key;
  const isOn = agent.status !== "inactive";

  async function change(
    fields: { is_default: true } | { status: "active" | "inactive" },
    title: string,
    undo?: () => void,
  ) {
    try {
      await update.mutateAsync({ id: agent.id, ...fields });
      toast({ tone: "good", title, ...(undo && { undo }) });
    } catch (thrown) {
      toast({ tone: "bad", title: words.notChanged, text: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
  const turn = (on: boolean, undo?: () => void) =>
    void change({ status: on ? "active" : "inactive" }, on ? words.turnedOn(name) : words.turnedOff(name), undo);

  return {
    mayChange,
    maySetDefault: mayChange && hasRole(caller, "admin") && !agent.is_default,
    setDefault: () => void change({ is_default: true }, words.nowDefault(name)),
    toggle: () => turn(!isOn, () => turn(isOn)),
  };
}
