import { useNavigate, useSearch } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered, Refused } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, usePages } from "#web/live/use-call.ts";
import { ActivityDrawer } from "#web/screens/settings/activity/activity-drawer.tsx";
import { ActivityFilters } from "#web/screens/settings/activity/activity-filters.tsx";
import { ChainVerdict } from "#web/screens/settings/activity/chain-verdict.tsx";
import { startOf } from "#web/screens/settings/activity/periods.ts";
import { Button } from "#web/ui/button.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Log = OutputOf<"activity.list">["logs"][number];

/** The fields of details by which people know a thing, rather than by its id. */
const NAMES = ["name", "display_name", "agent_key", "slug", "path", "label", "key", "tool", "subject", "user_id"];

function nameOf({ entity_id, details }: Log): string {
  const fields = (details ?? {}) as Readonly<Record<string, unknown>>;
  const name = NAMES.map((field) => fields[field]).find((value) => typeof value === "string" && value !== "");
  return typeof name === "string" ? name : entity_id || "—";
}

const columnsOf = (words: Texts["settings"]["activity"]): readonly Column<Log>[] => [
  {
    key: "what",
    header: words.what,
    width: "minmax(0, 1.5fr)",
    cell: ({ action }) => <span className="font-medium">{action}</span>,
  },
  {
    key: "entity",
    header: words.entity,
    width: "minmax(0, 1.5fr)",
    cell: nameOf,
    hideOnPhone: true,
  },
  {
    key: "who",
    header: words.who,
    cell: ({ actor_id, actor_type }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate">{actor_id}</span>
        {actor_type !== "user" && (
          <span className="truncate text-note text-soft max-sm:hidden">{words.actors[actor_type] ?? actor_type}</span>
        )}
      </span>
    ),
  },
  { key: "from", header: words.from, width: "9rem", cell: ({ ip_address }) => ip_address ?? "—", hideOnPhone: true },
  {
    key: "when",
    header: words.when,
    width: "7rem",
    cell: ({ created_at }) => <TimeText iso={created_at} />,
  },
];

const keyOf = ({ id }: Log) => id;

/** Who changed what, when and from where. Those who are no administrators see what they did themselves. */
export function ActivityTab() {
  const { settings } = useTexts();
  const words = settings.activity;
  const isAdmin = hasRole(useCaller(), "admin");
  const { item, actor, action, entity, period = "all", from: firstDay, to: lastDay } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const start = useMemo(() => startOf(period), [period]);
  const isRange = period === "range";
  const from = isRange ? firstDay : start;
  const to = isRange ? lastDay : undefined;
  const filters = {
    ...(actor && { actor_id: actor }),
    ...(action && { action }),
    ...(entity && { entity_type: entity }),
    ...(from && { from }),
    ...(to && { to }),
  };
  const isFiltered = Object.keys(filters).length > 0;
  const logs = usePages("activity.list", filters, (answer) => answer.logs);
  const verify = useAction("activity.verify");
  const columns = useMemo(() => columnsOf(words), [words]);
  const opened = logs.data?.find(({ id }) => id === item);
  const query = new URLSearchParams({
    ...(actor && { actor }),
    ...(action && { action }),
    ...(entity && { entity }),
    ...(period !== "all" && { period }),
    ...(isRange && firstDay && { from: firstDay }),
    ...(isRange && lastDay && { to: lastDay }),
    tab: "activity",
  });
  const hrefOf = ({ id }: Log) => `/settings?${query}&item=${id}`;

  return (
    <>
      {!isAdmin && <p className="text-soft">{words.own}</p>}
      <ActivityFilters
        isAdmin={isAdmin}
        end={
          isAdmin && (
            <Button icon={ShieldCheck} isBusy={verify.isPending} onClick={() => verify.mutate({})}>
              {words.verify}
            </Button>
          )
        }
      />
      {verify.error && <Refused error={verify.error} />}
      {verify.data && <ChainVerdict chain={verify.data} />}
      <Answered query={logs}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              title={isFiltered ? words.noMatch : words.empty}
              {...(!isFiltered && { hint: words.emptyHint })}
            />
          ) : (
            <DataTable
              rows={rows}
              columns={columns}
              rowKey={keyOf}
              label={settings.tabs.activity}
              hrefOf={hrefOf}
              selectedKey={item}
              hasMore={logs.hasNextPage}
              isLoadingMore={logs.isFetchingNextPage}
              onMore={() => void logs.fetchNextPage()}
            />
          )
        }
      </Answered>
      {opened && (
        <ActivityDrawer
          log={opened}
          onClose={() => void navigate({ search: ({ item: _, ...before }) => ({ ...before }) })}
        />
      )}
    </>
  );
}
