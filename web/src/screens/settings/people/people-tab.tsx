import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { CreateTenant } from "#web/screens/settings/people/create-tenant.tsx";
import { TenantDrawer } from "#web/screens/settings/people/tenant-drawer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Tenant = OutputOf<"tenants.get">;

export const TENANT_TONES = { active: "good", suspended: "careful", archived: "idle" } as const;

const columnsOf = (words: Texts["settings"]["people"], own: string): readonly Column<Tenant>[] => [
  {
    key: "name",
    header: words.name,
    width: "minmax(0, 2fr)",
    cell: ({ id, name }) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium">{name}</span>
        {id === own && <Badge>{words.isCurrent}</Badge>}
      </span>
    ),
  },
  { key: "slug", header: words.slug, cell: ({ slug }) => slug, hideOnPhone: true },
  {
    key: "status",
    header: words.status,
    width: "9rem",
    cell: ({ status }) => <Status tone={TENANT_TONES[status]}>{words.statuses[status]}</Status>,
  },
  {
    key: "created",
    header: words.created,
    width: "9rem",
    cell: ({ created_at }) => <TimeText iso={created_at} />,
    hideOnPhone: true,
  },
];

const keyOf = ({ id }: Tenant) => id;
const toHref = ({ id }: Tenant) => `/settings?tab=people&item=${id}`;

/** The tenants of the gateway, and the people in the one that is open. For owners. */
export function PeopleTab() {
  const { settings } = useTexts();
  const words = settings.people;
  const { item, q = "" } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const { tenant_id } = useCaller();
  const [isCreating, setIsCreating] = useState(false);
  const tenants = useCall("tenants.list", {});
  const columns = useMemo(() => columnsOf(words, tenant_id), [words, tenant_id]);
  const rows = useMemo(() => {
    const sought = q.trim().toLowerCase();
    return (tenants.data?.tenants ?? []).filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(sought));
  }, [tenants.data, q]);

  return (
    <>
      <Answered query={tenants}>
        {() => (
          <>
            <Toolbar
              end={
                <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
                  {words.create}
                </Button>
              }
            >
              <SearchInput
                value={q}
                onChange={(q) => void navigate({ search: (before) => ({ ...before, q }), replace: true })}
                placeholder={words.search}
                shortcut="/"
              />
            </Toolbar>
            {rows.length === 0 ? (
              <EmptyState title={words.noMatch} />
            ) : (
              <DataTable
                rows={rows}
                columns={columns}
                rowKey={keyOf}
                label={settings.tabs.people}
                hrefOf={toHref}
                selectedKey={item}
              />
            )}
          </>
        )}
      </Answered>
      {item && (
        <TenantDrawer
          id={item}
          onClose={() => void navigate({ search: ({ item: _, ...before }) => ({ ...before }) })}
        />
      )}
      {isCreating && <CreateTenant onClose={() => setIsCreating(false)} />}
    </>
  );
}
