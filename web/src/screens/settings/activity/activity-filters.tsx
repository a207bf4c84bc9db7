import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { InputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import type { Option } from "#web/ui/fields/option.ts";
import { Select } from "#web/ui/fields/select.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";

const PERIODS = ["all", "hour", "day", "week", "month", "range"] as const;
const FILTER =
  "w-auto min-w-36 max-w-60 max-sm:min-w-0 max-sm:max-w-none max-sm:flex-1 max-sm:basis-[calc(50%-0.5rem)]";

type GroupBy = NonNullable<InputOf<"activity.aggregate">["group_by"]>;

interface ActivityFiltersProps {
  readonly isAdmin: boolean;
  /** Stands at the right end. */
  readonly end: ReactNode;
}

/** Narrows the activity down. What there is to choose comes from the activity itself. */
export function ActivityFilters({ isAdmin, end }: ActivityFiltersProps) {
  const { settings } = useTexts();
  const words = settings.activity;
  const { actor = "", action = "", entity = "", period = "all", from = "", to = "" } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const actors = useOptions("actor_id", words.anyone, isAdmin);
  const actions = useOptions("action", words.anyAction);
  const entities = useOptions("entity_type", words.anyEntity);
  const isFiltered = actor !== "" || action !== "" || entity !== "" || period !== "all";
  const filter = (change: Readonly<Record<string, string>>) =>
    void navigate({ search: ({ item: _, ...before }) => ({ ...before, ...change }), replace: true });

  return (
    <Toolbar
      end={
        <>
          {isFiltered && (
            <Button variant="ghost" onClick={() => void navigate({ search: { tab: "activity" }, replace: true })}>
              {words.clear}
            </Button>
          )}
          {end}
        </>
      }
    >
      {isAdmin && (
        <Combobox
          aria-label={words.who}
          value={actor}
          onValueChange={(actor) => filter({ actor })}
          options={actors}
          placeholder={words.anyone}
          allowsOther
          className={FILTER}
        />
      )}
      <Combobox
        aria-label={words.what}
        value={action}
        onValueChange={(action) => filter({ action })}
        options={actions}
        placeholder={words.anyAction}
        className={FILTER}
      />
      <Combobox
        aria-label={words.kind}
        value={entity}
        onValueChange={(entity) => filter({ entity })}
        options={entities}
        placeholder={words.anyEntity}
        className={FILTER}
      />
      <Select
        aria-label={words.period}
        value={period}
        onValueChange={(period) => filter({ period })}
        options={PERIODS.map((name) => ({ value: name, label: words.periods[name] }))}
        className={FILTER}
      />
      {period === "range" && (
        <>
          <TextInput
            type="date"
            aria-label={words.firstDay}
            value={from}
            max={to}
            onChange={({ target }) => filter({ from: target.value })}
            className={FILTER}
          />
          <TextInput
            type="date"
            aria-label={words.lastDay}
            value={to}
            min={from}
            onChange={({ target }) => filter({ to: target.value })}
            className={FILTER}
          />
        </>
      )}
    </Toolbar>
  );
}

/** Returns what occurs in the activity, with how often, and the choice of all. */
function useOptions(group_by: GroupBy, all: string, isEnabled = true): readonly Option[] {
  const format = useFormat();
  const groups = useCall("activity.aggregate", { group_by, limit: 200 }, { isEnabled });
  return [
    { value: "", label: all },
    ...(groups.data?.buckets ?? []).map(({ key, count }) => ({ value: key, label: key, hint: format.number(count) })),
  ];
}
