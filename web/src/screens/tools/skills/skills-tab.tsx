import { BookOpen } from "lucide-react";
import { useCallback, useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { toItemHref, useToolsSearch } from "#web/screens/tools/parts/use-tools-search.ts";
import { SkillDetails } from "#web/screens/tools/skills/skill-details.tsx";
import { SkillDrop } from "#web/screens/tools/skills/skill-drop.tsx";
import { SkillSwitch } from "#web/screens/tools/skills/skill-switch.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

export type Skill = OutputOf<"skills.get">;

/** The skills of the gateway and of the tenant. A ZIP that is dropped here becomes one. */
export function SkillsTab() {
  const { tools: words } = useTexts();
  const { q, item, setSearch, close } = useToolsSearch();
  const isAdmin = hasRole(useCaller(), "admin");
  const skills = useCall("skills.list", {});
  const found = useMemo(() => findSkills(skills.data?.skills ?? [], q), [skills.data, q]);
  const columns = useMemo<readonly Column<Skill>[]>(
    () => [
      {
        key: "name",
        header: words.skill,
        width: "minmax(0, 1fr)",
        cell: ({ name }) => <span className="font-medium">{name}</span>,
      },
      {
        key: "description",
        header: words.whatItDoes,
        width: "minmax(0, 3fr)",
        cell: ({ description }) => <span className="text-soft">{description}</span>,
        hideOnPhone: true,
      },
      {
        key: "visibility",
        header: words.visibility,
        width: "8rem",
        cell: ({ visibility }) => <Badge>{words.visibilities[visibility]}</Badge>,
        hideOnPhone: true,
      },
      {
        key: "version",
        header: words.version,
        width: "4.5rem",
        cell: ({ version, is_system }) => (is_system ? words.ofGateway : <span className="tabular">{version}</span>),
        hideOnPhone: true,
      },
      {
        key: "state",
        header: words.state,
        width: "6.5rem",
        cell: ({ status }) => (
          <Status tone={status === "active" ? "good" : "careful"}>{words.skillStates[status]}</Status>
        ),
      },
    ],
    [words],
  );
  const rowActions = useCallback((skill: Skill) => <SkillSwitch skill={skill} />, []);
  return (
    <>
      {isAdmin && <SkillDrop />}
      <Answered query={skills}>
        {({ skills: all }) => {
          const chosen = all.find(({ id, slug }) => id === item || slug === item);
          return all.length === 0 ? (
            <EmptyState icon={BookOpen} title={words.noSkills} hint={words.noSkillsHint} />
          ) : (
            <>
              <Toolbar>
                <SearchInput value={q} onChange={(q) => setSearch({ q })} placeholder={words.search} shortcut="/" />
              </Toolbar>
              {found.length === 0 ? (
                <EmptyState title={words.noMatch} />
              ) : (
                <DataTable
                  rows={found}
                  columns={columns}
                  rowKey={keyOf}
                  label={words.tabs.skills}
                  hrefOf={toHref}
                  rowActions={rowActions}
                  actionsWidth="3rem"
                  selectedKey={chosen?.id}
                  total={found.length}
                />
              )}
              <Drawer
                isOpen={chosen !== undefined}
                onClose={close}
                title={chosen?.name}
                className="w-[min(48rem,100vw)]"
              >
                {chosen && <SkillDetails key={chosen.id} skill={chosen} onDeleted={close} />}
              </Drawer>
            </>
          );
        }}
      </Answered>
    </>
  );
}

const keyOf = ({ id }: Skill) => id;
const toHref = ({ slug }: Skill) => toItemHref("skills", slug);

function findSkills(skills: readonly Skill[], search: string): readonly Skill[] {
  const sought = search.trim().toLowerCase();
  return skills.filter(({ name, slug, description, tags }) =>
    [name, slug, description, ...tags].some((text) => text.toLowerCase().includes(sought)),
  );
}
