import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";

interface DeleteAgentProps {
  readonly agent: Agent;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDeleted?: () => Promise<void>;
}

/** Deletes an agent with all that belongs to it, once its key was typed. */
export function DeleteAgent({ agent, isOpen, onClose, onDeleted }: DeleteAgentProps) {
  const { agents: words } = useTexts();
  const remove = useAction("agents.delete");
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={words.deleteTitle(agent.display_name || agent.agent_key)}
      loses={words.deleteLoses}
      name={agent.agent_key}
      action={words.deleteAgent}
      onConfirm={async () => {
        await remove.mutateAsync({ id: agent.id });
        await onDeleted?.();
      }}
    />
  );
}
