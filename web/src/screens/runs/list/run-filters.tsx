import { X } from "lucide-react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { MoreFilters } from "#web/screens/runs/list/more-filters.tsx";
import { nameDoor } from "#web/screens/runs/list/name-door.ts";
import { PERIODS, type RunFilter, STATUSES } from "#web/screens/runs/list/run-filter.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";

interface RunFiltersProps {
  readonly filter: RunFilter;
  /** An empty text takes a filter away. */
  readonly onChange: (change: RunFilter) => void;
  readonly onClear: () => void;
  /** How many runs it lets through. */
  readonly total: number | undefined;
}

/** What the list is narrowed by. All of it is in the URL. */
export function RunFilters({ filter, onChange, onClear, total }: RunFiltersProps) {
  const { runs: words, conversation } = useTexts();
  const format = useFormat();
  const isAdmin = hasRole(useCaller(), "admin");
  const agents = useCall("agents.list", {});
  const { agent = "", status = "", q = "", user = "" } = filter;
  const chosen = (key: keyof RunFilter) => (value: string) => onChange({ [key]: value });
  return (
    <Toolbar
      end={
        <>
          {Object.keys(filter).length > 0 && (
            <Button variant="ghost" icon={X} onClick={onClear}>
              {words.clearFilters}
            </Button>
          )}
          {total !== undefined && (
            <span className="tabular text-table">{words.count(format.number(total), total)}</span>
          )}
        </>
      }
    >
      <SearchInput value={q} onChange={chosen("q")} placeholder={words.search} shortcut="/" />
      <Select
        aria-label={words.state}
        className="w-36"
        value={status}
        onValueChange={chosen("status")}
        options={[
          { value: "", label: words.anyState },
          ...STATUSES.map((value) => ({ value, label: conversation.runStates[value] })),
        ]}
      />
      <Combobox
        aria-label={words.agent}
        className="w-44"
        value={agent}
        onValueChange={chosen("agent")}
        options={[
          { value: "", label: words.anyAgent },
          ...(agents.data?.agents ?? []).map(({ agent_key, display_name }) => ({
            value: agent_key,
            label: display_name || agent_key,
            hint: agent_key,
          })),
        ]}
      />
      {isAdmin && (
        <SearchInput value={user} onChange={chosen("user")} placeholder={words.person} className="w-36 sm:w-36" />
      )}
      <PeriodSelect filter={filter} onChange={onChange} />
      <MoreFilters filter={filter} onChange={onChange} />
      <Narrowing filter={filter} onChange={onChange} />
    </Toolbar>
  );
}

const OWN = "own";

function PeriodSelect({ filter: { from, to }, onChange }: Pick<RunFiltersProps, "filter" | "onChange">) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const isOwn = to !== undefined || (from !== undefined && PERIODS[from] === undefined);
  const write = (text: string | undefined) =>
    text === undefined ? "…" : text.length > 10 ? format.dateTime(text) : format.day(`${text}T00:00`);
  return (
    <Select
      aria-label={words.time}
      className="w-auto min-w-36 max-w-80"
      value={isOwn ? OWN : (from ?? "")}
      onValueChange={(value) => value !== OWN && onChange({ from: value, to: "" })}
      options={[
        { value: "", label: words.anyTime },
        { value: "1h", label: words.lastHour },
        { value: "24h", label: words.lastDay },
        { value: "7d", label: words.lastWeek },
        { value: "30d", label: words.lastMonth },
        ...(isOwn ? [{ value: OWN, label: `${write(from)} – ${write(to)}` }] : []),
      ]}
    />
  );
}

/** Filters that other screens set. Each is shown, and can be taken away. */
function Narrowing({ filter, onChange }: Pick<RunFiltersProps, "filter" | "onChange">) {
  const { runs: words, ui } = useTexts();
  const shown = [
    { key: "session", label: words.session, value: filter.session },
    { key: "tool", label: words.tool, value: filter.tool },
    { key: "channel", label: words.door, value: filter.channel && nameDoor(words, filter.channel) },
  ] as const;
  return shown.map(
    ({ key, label, value }) =>
      value !== undefined && (
        <Button
          key={key}
          variant="secondary"
          aria-label={ui.remove(`${label} ${value}`)}
          onClick={() => onChange({ [key]: "" })}
          className="max-w-72"
        >
          <span className="text-soft">{label}</span>
          <span className="truncate">{value}</span>
          <X aria-hidden className="size-3.5 shrink-0 text-faint" />
        </Button>
      ),
  );
}
