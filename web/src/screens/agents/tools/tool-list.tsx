import { useCallback, useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { ToolToggle } from "#web/screens/agents/tools/tool-toggle.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

export type AgentTool = OutputOf<"agents.tools.list">["tools"][number];

/** Every tool that an agent could have, with whether it has it and the rule that decided. */
export function ToolList({ agent, form, mayChange }: AgentTabProps) {
  const { agents: words } = useTexts();
  const isOff = agent.status === "inactive";
  const tools = useCall("agents.tools.list", { id: agent.id }, { isEnabled: !isOff });
  const [search, setSearch] = useState("");
  const found = useMemo(() => findTools(tools.data?.tools ?? [], search), [tools.data, search]);
  const columns = useMemo<readonly Column<AgentTool>[]>(
    () => [
      {
        key: "name",
        header: words.tool,
        width: "minmax(0, 2fr)",
        cell: ({ name, description }) => (
          <code title={description} className="font-medium">
            {name}
          </code>
        ),
      },
      { key: "group", header: words.toolGroup, cell: ({ group }) => group, hideOnPhone: true },
      {
        key: "has",
        header: words.hasTool,
        width: "5rem",
        cell: ({ is_available }) => (
          <Status tone={is_available ? "good" : "idle"}>{is_available ? words.toolIn : words.toolOut}</Status>
        ),
      },
      {
        key: "rule",
        header: words.decidedBy,
        width: "minmax(0, 2fr)",
        cell: ({ rule, is_deferred }) => (
          <span className="text-soft">
            {words.toolRuleNames[rule]}
            {is_deferred && ` · ${words.deferred}`}
          </span>
        ),
        hideOnPhone: true,
      },
    ],
    [words],
  );
  const rowActions = useCallback((tool: AgentTool) => <ToolToggle tool={tool} form={form} />, [form]);
  if (isOff)
    return (
      <Card title={words.effectiveTools}>
        <p className="text-soft">{words.offHasNoTools}</p>
      </Card>
    );
  const all = tools.data?.tools ?? [];
  return (
    <Card
      title={words.effectiveTools}
      padded={false}
      actions={
        <>
          <span className="tabular text-soft">
            {words.hasTools(all.filter(({ is_available }) => is_available).length, all.length)}
          </span>
          <SearchInput value={search} onChange={setSearch} placeholder={words.searchTools} />
        </>
      }
    >
      <Answered query={tools}>
        {() =>
          found.length === 0 ? (
            <EmptyState title={words.noTool} />
          ) : (
            <DataTable
              rows={found}
              columns={columns}
              rowKey={keyOf}
              label={words.effectiveTools}
              total={found.length}
              {...(mayChange && { rowActions, actionsWidth: "5.5rem" })}
              isPlain
            />
          )
        }
      </Answered>
    </Card>
  );
}

const keyOf = ({ name }: AgentTool) => name;

function findTools(tools: readonly AgentTool[], search: string): readonly AgentTool[] {
  const sought = search.trim().toLowerCase();
  return tools.filter(({ name, group, description }) =>
    [name, group, description].some((text) => text.toLowerCase().includes(sought)),
  );
}
