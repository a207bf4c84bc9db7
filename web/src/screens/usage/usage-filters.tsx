import { X } from "lucide-react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { OwnDates } from "#web/screens/usage/own-dates.tsx";
import { PERIODS, type Period, type UsageFilter } from "#web/screens/usage/period.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";

interface UsageFiltersProps {
  readonly filter: UsageFilter;
  readonly period: Period;
  /** An empty text takes a filter away. */
  readonly onChange: (change: UsageFilter) => void;
}

/** Which stretch of time is shown, and what it is narrowed to. All of it is in the URL. */
export function UsageFilters({ filter, period, onChange }: UsageFiltersProps) {
  const { usage: words, ui } = useTexts();
  const format = useFormat();
  const isAdmin = hasRole(useCaller(), "admin");
  const agents = useCall("agents.list", {});
  const { agent = "", user = "" } = filter;
  const narrowed = (["provider", "model", "channel"] as const).filter((key) => filter[key] !== undefined);
  const [first, last] = [period.begin, period.end - 1].map((time) => new Date(time).toISOString());
  // Days have no hours.
  const write = period.from.length > 10 ? format.dateTime : format.day;
  return (
    <Toolbar
      end={
        <span className="tabular text-table max-sm:hidden">{words.fromTo(write(first ?? ""), write(last ?? ""))}</span>
      }
    >
      <Segments
        aria-label={words.period}
        value={period.name}
        onValueChange={(name) => onChange({ period: name, from: "", to: "" })}
        options={PERIODS.map((value) => ({ value, label: words.periods[value] }))}
      />
      <OwnDates period={period} onChange={onChange} />
      <Combobox
        aria-label={words.groups.agent}
        className="w-44"
        value={agent}
        onValueChange={(value) => onChange({ agent: value })}
        options={[
          { value: "", label: words.allAgents },
          ...(agents.data?.agents ?? []).map(({ agent_key, display_name }) => ({
            value: agent_key,
            label: display_name || agent_key,
            hint: agent_key,
          })),
        ]}
      />
      {isAdmin && (
        <SearchInput
          value={user}
          onChange={(value) => onChange({ user: value })}
          placeholder={words.person}
          className="w-36 sm:w-36"
        />
      )}
      {narrowed.map((key) => (
        <Button
          key={key}
          aria-label={ui.remove(`${words.groups[key]} ${filter[key]}`)}
          onClick={() => onChange({ [key]: "" })}
          className="max-w-72"
        >
          <span className="text-soft">{words.groups[key]}</span>
          <span className="truncate">{filter[key]}</span>
          <X aria-hidden className="size-3.5 shrink-0 text-faint" />
        </Button>
      ))}
    </Toolbar>
  );
}
