import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { Format } from "#web/i18n/format.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { ProviderDrawer } from "#web/screens/settings/providers/provider-drawer.tsx";
import { ProviderForm } from "#web/screens/settings/providers/provider-form.tsx";
import { countKeys, type Provider, providerTypeLabelOf } from "#web/screens/settings/providers/provider-types.ts";
import { Button } from "#web/ui/button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface Row extends Provider {
  readonly agents: number;
  /** The gateway avoids it, or one of its models, for a while. */
  readonly isAvoided: boolean;
}

const columnsOf = (words: Texts["settings"]["providers"], format: Format): readonly Column<Row>[] => [
  {
    key: "name",
    header: words.name,
    width: "minmax(0, 2fr)",
    cell: ({ name, display_name }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{display_name || name}</span>
        {display_name && <span className="truncate text-soft max-sm:hidden">{name}</span>}
      </span>
    ),
  },
  {
    key: "type",
    header: words.type,
    cell: ({ provider_type }) => providerTypeLabelOf(provider_type),
    hideOnPhone: true,
  },
  {
    key: "keys",
    header: words.keys,
    width: "5rem",
    align: "right",
    cell: (provider) => format.number(countKeys(provider)),
    hideOnPhone: true,
  },
  {
    key: "agents",
    header: words.agents,
    width: "7rem",
    align: "right",
    cell: ({ agents }) => (agents === 0 ? <span className="text-faint">—</span> : words.agentCount(agents)),
    hideOnPhone: true,
  },
  {
    key: "state",
    header: words.state,
    width: "8rem",
    cell: ({ enabled, isAvoided }) =>
      enabled && isAvoided ? (
        <Status tone="careful">{words.isAvoided}</Status>
      ) : (
        <Status tone={enabled ? "good" : "idle"}>{enabled ? words.on : words.off}</Status>
      ),
  },
  {
    key: "changed",
    header: words.changed,
    width: "9rem",
    cell: ({ updated_at }) => <TimeText iso={updated_at} />,
    hideOnPhone: true,
  },
];

const keyOf = ({ id }: Row) => id;
const toHref = ({ id }: Row) => `/settings?tab=providers&item=${id}`;

/** The services that run models, and the one that is open beside them. */
export function ProvidersTab() {
  const { settings } = useTexts();
  const words = settings.providers;
  const format = useFormat();
  const { item, q = "" } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const [isCreating, setIsCreating] = useState(false);
  const providers = useCall("providers.list", {});
  const agents = useCall("agents.list", {});
  const health = useCall("providers.health", {});
  const columns = useMemo(() => columnsOf(words, format), [words, format]);
  const rows = useMemo(() => {
    const sought = q.trim().toLowerCase();
    return (providers.data?.providers ?? [])
      .filter(({ name, display_name = "", provider_type }) =>
        [name, display_name, provider_type].some((text) => text.toLowerCase().includes(sought)),
      )
      .map((row) => ({
        ...row,
        isAvoided: health.data?.troubles.some(({ provider }) => provider === row.name) ?? false,
        agents: agents.data?.agents.filter(({ provider }) => provider === row.name).length ?? 0,
      }));
  }, [providers.data, agents.data, health.data, q]);
  const createButton = (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.create}
    </Button>
  );

  return (
    <>
      <Answered query={providers}>
        {({ providers: all }) =>
          all.length === 0 ? (
            <EmptyState title={words.empty} hint={words.emptyHint} action={createButton} />
          ) : (
            <>
              <Toolbar end={createButton}>
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
                  label={settings.tabs.providers}
                  hrefOf={toHref}
                  selectedKey={item}
                />
              )}
            </>
          )
        }
      </Answered>
      {item && (
        <ProviderDrawer
          id={item}
          onClose={() => void navigate({ search: ({ item: _, ...before }) => ({ ...before }) })}
        />
      )}
      {isCreating && <ProviderForm onClose={() => setIsCreating(false)} />}
    </>
  );
}
