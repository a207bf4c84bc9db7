import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, usePages } from "#web/live/use-call.ts";
import { JobDrawer } from "#web/screens/settings/jobs/job-drawer.tsx";
import { Button } from "#web/ui/button.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Job = OutputOf<"jobs.list">["jobs"][number];

const STATES = ["dead", "running", "scheduled"] as const;
const TONES = { scheduled: "idle", running: "live", dead: "bad" } as const;

const columnsOf = (words: Texts["settings"]["jobs"]): readonly Column<Job>[] => [
  { key: "name", header: words.name, cell: ({ name }) => <span className="font-mono text-code">{name}</span> },
  {
    key: "state",
    header: words.state,
    width: "9rem",
    cell: ({ state }) => <Status tone={TONES[state]}>{words.states[state]}</Status>,
  },
  {
    key: "error",
    header: words.error,
    width: "minmax(0, 2fr)",
    cell: ({ error }) => error ?? <span className="text-faint">—</span>,
    hideOnPhone: true,
  },
  {
    key: "attempts",
    header: words.attempts,
    width: "6rem",
    align: "right",
    cell: ({ attempt, max_attempts }) => words.attemptOf(attempt, max_attempts),
    hideOnPhone: true,
  },
  {
    key: "when",
    header: words.when,
    width: "9rem",
    cell: ({ dead_at, run_at }) => <TimeText iso={dead_at ?? run_at} />,
    hideOnPhone: true,
  },
];

const keyOf = ({ id }: Job) => id;

/** Work in the background: what waits, what runs, and what failed at every attempt and needs a person. */
export function JobsTab() {
  const { settings } = useTexts();
  const words = settings.jobs;
  const { show, item } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const state = STATES.find((name) => name === show);
  const jobs = usePages("jobs.list", { ...(state && { state }) }, (answer) => answer.jobs);
  const toast = useToast();
  const retry = useAction("jobs.retry");
  const columns = useMemo(() => columnsOf(words), [words]);
  const opened = jobs.data?.find(({ id }) => id === item);
  const tryAgain = ({ id, name }: Job) =>
    retry.mutate(
      { id },
      {
        onSuccess: () => toast({ tone: "good", title: words.retried(name) }),
        onError: ({ message }) => toast({ tone: "bad", title: message }),
      },
    );

  return (
    <>
      <Toolbar>
        <Segments
          aria-label={words.state}
          value={state ?? "all"}
          onValueChange={(show) => void navigate({ search: { tab: "jobs", show }, replace: true })}
          options={[
            { value: "all", label: words.all },
            ...STATES.map((name) => ({ value: name, label: words.states[name] })),
          ]}
        />
      </Toolbar>
      <Answered query={jobs}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title={state ? words.noneOfState : words.empty} hint={words.emptyHint} />
          ) : (
            <DataTable
              rows={rows}
              columns={columns}
              rowKey={keyOf}
              label={settings.tabs.jobs}
              hrefOf={({ id }) =>
                `/settings?${new URLSearchParams({ tab: "jobs", ...(state && { show: state }), item: id })}`
              }
              selectedKey={item}
              hasMore={jobs.hasNextPage}
              isLoadingMore={jobs.isFetchingNextPage}
              onMore={() => void jobs.fetchNextPage()}
              actionsWidth="6.5rem"
              rowActions={(job) =>
                job.state === "dead" && (
                  <Button size="sm" onClick={() => tryAgain(job)}>
                    {words.retry}
                  </Button>
                )
              }
            />
          )
        }
      </Answered>
      {opened && (
        <JobDrawer
          job={opened}
          onRetry={() => tryAgain(opened)}
          onClose={() => void navigate({ search: ({ item: _, ...before }) => before })}
        />
      )}
    </>
  );
}
