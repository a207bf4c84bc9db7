import { useWatch } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { AgentForm } from "#web/screens/agents/draft/use-agent-form.ts";
import type { AgentTool } from "#web/screens/agents/tools/tool-list.tsx";
import { Button } from "#web/ui/button.tsx";

interface ToolToggleProps {
  readonly tool: AgentTool;
  readonly form: AgentForm;
}

/** Rules that stand above those of an agent. */
const ABOVE: readonly AgentTool["rule"][] = ["switched_off", "operator_allow", "operator_deny"];

/** Gives an agent a tool or takes it away, in the draft of its rules. */
export function ToolToggle({ tool: { name, rule, is_available }, form }: ToolToggleProps) {
  const { agents: words, ui } = useTexts();
  const { control, setValue } = form;
  const [allow, deny, alsoAllow] = useWatch({ control, name: ["allow", "deny", "alsoAllow"] });
  if (ABOVE.includes(rule)) return null;

  const without = (names: readonly string[]) => names.filter((other) => other !== name);
  const set = (field: "allow" | "deny" | "alsoAllow", names: readonly string[]) =>
    setValue(field, names, { shouldDirty: true });
  const given = rule === "agent_allow" ? allow : alsoAllow;
  const isChanged = deny.includes(name) || (given.includes(name) && !is_available);

  function toggle() {
    set("deny", is_available && !isChanged ? [...deny, name] : without(deny));
    if (is_available) return set("alsoAllow", without(alsoAllow));
    set(rule === "agent_allow" ? "allow" : "alsoAllow", isChanged ? without(given) : [...given, name]);
  }
  const word = isChanged ? ui.undo : is_available ? words.takeTool : words.giveTool;
  return (
    <Button variant="ghost" size="sm" aria-label={`${word}: ${name}`} onClick={toggle}>
      {word}
    </Button>
  );
}
