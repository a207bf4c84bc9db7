import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Combobox } from "#web/ui/fields/combobox.tsx";

interface AgentChoiceProps {
  /** The key or the id of an agent, or empty. */
  readonly value: string;
  readonly onChange: (agentKey: string) => void;
  /** What the empty choice means. Without it, there is none. */
  readonly empty?: string;
  readonly "aria-label"?: string;
}

/** A choice among the agents that the caller may use. */
export function AgentChoice({ value, onChange, empty, ...props }: AgentChoiceProps) {
  const { tools: words } = useTexts();
  const agents = useCall("agents.list", {});
  const chosen = agents.data?.agents.find(({ id, agent_key }) => id === value || agent_key === value);
  const options = (agents.data?.agents ?? []).map(({ agent_key, display_name }) => ({
    value: agent_key,
    label: display_name || agent_key,
    hint: agent_key,
  }));
  return (
    <Combobox
      {...props}
      value={chosen?.agent_key ?? value}
      onValueChange={onChange}
      placeholder={words.chooseAgent}
      options={empty === undefined ? options : [{ value: "", label: empty }, ...options]}
    />
  );
}
