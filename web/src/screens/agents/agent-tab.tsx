import type { ReactNode } from "react";
import { CodeTab } from "#web/screens/agents/code/code-tab.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { InstructionsTab } from "#web/screens/agents/instructions/instructions-tab.tsx";
import { MemoryTab } from "#web/screens/agents/memory/memory-tab.tsx";
import { ModelTab } from "#web/screens/agents/model/model-tab.tsx";
import { OverviewTab } from "#web/screens/agents/overview/overview-tab.tsx";
import { PeopleTab } from "#web/screens/agents/people/people-tab.tsx";
import { RunsTab } from "#web/screens/agents/runs/runs-tab.tsx";
import { SkillsTab } from "#web/screens/agents/skills/skills-tab.tsx";
import { ToolsTab } from "#web/screens/agents/tools/tools-tab.tsx";

interface TabShape {
  readonly value: "overview" | "instructions" | "model" | "tools" | "skills" | "memory" | "people" | "runs" | "code";
  readonly view: (props: AgentTabProps) => ReactNode;
  /** Its settings are part of the agent's form. */
  readonly isForm: boolean;
  /** What it changes is tried beside it. */
  readonly isTried: boolean;
}

export const AGENT_TABS: readonly TabShape[] = [
  { value: "overview", view: OverviewTab, isForm: true, isTried: true },
  { value: "instructions", view: InstructionsTab, isForm: false, isTried: true },
  { value: "model", view: ModelTab, isForm: true, isTried: true },
  { value: "tools", view: ToolsTab, isForm: true, isTried: true },
  { value: "skills", view: SkillsTab, isForm: false, isTried: true },
  { value: "memory", view: MemoryTab, isForm: true, isTried: true },
  { value: "people", view: PeopleTab, isForm: false, isTried: false },
  { value: "runs", view: RunsTab, isForm: false, isTried: false },
  { value: "code", view: CodeTab, isForm: false, isTried: false },
];

const [FIRST] = AGENT_TABS as readonly [TabShape, ...TabShape[]];

/** Returns the tab that the address names, or the first. */
export const findTab = (value: string | undefined): TabShape => AGENT_TABS.find((tab) => tab.value === value) ?? FIRST;

/** One of an agent's tabs. What the caller may not change is shown, but takes no input. */
export function AgentTab({ tab, ...props }: AgentTabProps & { readonly tab: TabShape }) {
  const View = tab.view;
  if (!tab.isForm) return <View {...props} />;
  return (
    <form onSubmit={props.form.onSubmit}>
      <fieldset disabled={!props.mayChange} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
        <View {...props} />
        {/* Lets Enter save, although the button stands elsewhere. */}
        <button type="submit" hidden />
      </fieldset>
    </form>
  );
}
