import type { ReactNode } from "react";
import { CodeTab } from "#web/screens/agents/code/code-tab.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { InstructionsTab } from "#web/screens/agents/instructions/instructions-tab.tsx";
import { MemoryFields } from "#web/screens/agents/memory/memory-fields.tsx";
import { ModelFields } from "#web/screens/agents/model/model-fields.tsx";
import { IdentityFields } from "#web/screens/agents/overview/identity-fields.tsx";
import { OverviewTab } from "#web/screens/agents/overview/overview-tab.tsx";
import { PeopleTab } from "#web/screens/agents/people/people-tab.tsx";
import { RunsTab } from "#web/screens/agents/runs/runs-tab.tsx";
import { SkillsTab } from "#web/screens/agents/skills/skills-tab.tsx";
import { ToolFields } from "#web/screens/agents/tools/tool-fields.tsx";
import { ToolsTab } from "#web/screens/agents/tools/tools-tab.tsx";

interface TabShape {
  readonly value: "overview" | "instructions" | "model" | "tools" | "skills" | "memory" | "people" | "runs" | "code";
  /** Settings, which are part of the agent's form. */
  readonly fields?: (props: AgentTabProps) => ReactNode;
  /** What stands beside or below the form, with forms of its own. */
  readonly view?: (props: AgentTabProps) => ReactNode;
  /** Others may not read what it shows. */
  readonly isForOwner?: boolean;
  /** What it changes is tried beside it. */
  readonly isTried: boolean;
}

export const AGENT_TABS: readonly TabShape[] = [
  { value: "overview", fields: IdentityFields, view: OverviewTab, isTried: true },
  { value: "instructions", view: InstructionsTab, isForOwner: true, isTried: true },
  { value: "model", fields: ModelFields, isTried: true },
  { value: "tools", fields: ToolFields, view: ToolsTab, isTried: true },
  { value: "skills", view: SkillsTab, isTried: true },
  { value: "memory", fields: MemoryFields, isTried: true },
  { value: "people", view: PeopleTab, isForOwner: true, isTried: false },
  { value: "runs", view: RunsTab, isTried: false },
  { value: "code", view: CodeTab, isTried: false },
];

const [FIRST] = AGENT_TABS as readonly [TabShape, ...TabShape[]];

/** Returns the tab that the address names, or the first. */
export const findTab = (value: string | undefined): TabShape => AGENT_TABS.find((tab) => tab.value === value) ?? FIRST;

/** One of an agent's tabs. Settings that the caller may not change are shown, but take no input. */
export function AgentTab({ tab, ...props }: AgentTabProps & { readonly tab: TabShape }) {
  const { fields: Fields, view: View } = tab;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      {Fields && (
        <form onSubmit={props.form.onSubmit}>
          <fieldset disabled={!props.mayChange} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
            <Fields {...props} />
            {/* Lets Enter save, although the button stands elsewhere. */}
            <button type="submit" hidden />
          </fieldset>
        </form>
      )}
      {View && <View {...props} />}
    </div>
  );
}
