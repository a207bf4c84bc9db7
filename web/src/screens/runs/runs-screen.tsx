import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { RunFilter } from "#web/screens/runs/list/run-filter.ts";
import { RunFilters } from "#web/screens/runs/list/run-filters.tsx";
import { RunList } from "#web/screens/runs/list/run-list.tsx";
import { useRunRows } from "#web/screens/runs/list/use-run-rows.ts";
import { Page } from "#web/ui/page/page.tsx";

/** All runs that the caller may see, live. */
export function RunsScreen() {
  const { runs: words } = useTexts();
  const filter = useSearch({ from: "/runs" });
  const navigate = useNavigate({ from: "/runs" });
  const found = useRunRows(filter);
  const clear = () => void navigate({ search: {} });
  return (
    <Page title={words.title}>
      <RunFilters
        filter={filter}
        onChange={(change) =>
          void navigate({ search: (before) => withoutEmpty({ ...before, ...change }), replace: true })
        }
        onClear={clear}
        total={found.total}
      />
      <RunList found={found} isFiltered={Object.keys(filter).length > 0} onClear={clear} />
    </Page>
  );
}

const withoutEmpty = (filter: RunFilter): RunFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
