import { Link } from "@tanstack/react-router";
import { ArrowUp, MessageSquare } from "lucide-react";
import { useMemo } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAgentName } from "#web/live/use-agent-name.ts";
import { runColumns } from "#web/screens/runs/list/run-columns.tsx";
import type { RunRow } from "#web/screens/runs/list/run-row.ts";
import type { useRunRows } from "#web/screens/runs/list/use-run-rows.ts";
import { Button } from "#web/ui/button.tsx";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";

interface RunListProps {
  readonly found: ReturnType<typeof useRunRows>;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

/** Runs that a filter lets through, the newest first. New ones appear by themselves. */
export function RunList({ found: { query, total, hasModel, hasNews, renew }, isFiltered, onClear }: RunListProps) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const isNarrow = useMedia("(max-width: 1099px)");
  const nameOf = useAgentName();
  const columns = useMemo(
    () => runColumns(words, format, { hasModel, isNarrow, nameOf }),
    [words, format, hasModel, isNarrow, nameOf],
  );
  const showNewest = () => {
    document.querySelector("main")?.scrollTo({ top: 0 });
    renew();
  };
  return (
    <Answered query={query}>
      {(rows) =>
        rows.length > 0 ? (
          <>
            {hasNews && (
              <div className="sticky top-2 z-20 flex justify-center">
                <Button size="sm" icon={ArrowUp} onClick={showNewest} className="shadow-float">
                  {words.showNewest}
                </Button>
              </div>
            )}
            <DataTable
              rows={rows}
              columns={columns}
              rowKey={keyOf}
              hrefOf={toHref}
              label={words.title}
              hasMore={query.hasNextPage}
              isLoadingMore={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
              {...(total !== undefined && { total })}
            />
          </>
        ) : isFiltered ? (
          <EmptyState title={words.noMatch} action={<Button onClick={onClear}>{words.clearFilters}</Button>} />
        ) : (
          <EmptyState
            title={words.empty}
            hint={words.emptyHint}
            action={
              <Button asChild variant="primary" icon={MessageSquare}>
                <Link to="/chat">{words.startChat}</Link>
              </Button>
            }
          />
        )
      }
    </Answered>
  );
}

const keyOf = ({ id }: RunRow) => id;
const toHref = ({ id }: RunRow) => `/runs/${id}`;
