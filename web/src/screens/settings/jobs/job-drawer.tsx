import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface JobDrawerProps {
  readonly job: OutputOf<"jobs.list">["jobs"][number];
  readonly onRetry: () => void;
  readonly onClose: () => void;
}

/** One job, with the whole reason of its last failure. */
export function JobDrawer({ job, onRetry, onClose }: JobDrawerProps) {
  const { settings } = useTexts();
  const words = settings.jobs;
  const { id, name, state, error, attempt, max_attempts, run_at, dead_at, created_at } = job;
  const isDead = state === "dead";
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title={name}
      {...(isDead && {
        footer: (
          <Button variant="primary" onClick={onRetry}>
            {words.retry}
          </Button>
        ),
      })}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        {error && (
          <Callout tone={isDead ? "bad" : "careful"} title={words.error}>
            {error}
          </Callout>
        )}
        <Facts
          items={[
            { label: words.state, value: words.states[state] },
            { label: words.attempts, value: words.attemptOf(attempt, max_attempts) },
            { label: words.due, value: <TimeText iso={run_at} mode="dateTime" /> },
            ...(dead_at ? [{ label: words.gaveUp, value: <TimeText iso={dead_at} mode="dateTime" /> }] : []),
            { label: words.created, value: <TimeText iso={created_at} mode="dateTime" /> },
            { label: "ID", value: <IdText id={id} /> },
          ]}
        />
      </div>
    </Drawer>
  );
}
