import { useParams } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useMemo } from "react";
import { useFollowedRun } from "#web/chat/run/use-followed-run.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Explanation } from "#web/screens/runs/run/explanation.tsx";
import { RunActions } from "#web/screens/runs/run/run-actions.tsx";
import { RunFacts } from "#web/screens/runs/run/run-facts.tsx";
import { RunStory } from "#web/screens/runs/run/story/run-story.tsx";
import { type Run, type Span, toSteps } from "#web/screens/runs/run/story/to-steps.ts";
import { useSpans } from "#web/screens/runs/run/use-spans.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Page } from "#web/ui/page/page.tsx";

/** One run: what it did, step by step, and why it went as it did. */
export function RunScreen() {
  const { runs: words } = useTexts();
  const { runId } = useParams({ from: "/runs/$runId" });
  const run = useCall("runs.get", { id: runId });
  const above = (
    <TextLink href="/runs" className="inline-flex items-center gap-1 no-underline hover:underline">
      <ChevronLeft aria-hidden className="size-4" />
      {words.title}
    </TextLink>
  );
  return (
    <Page
      above={above}
      title={<span className="line-clamp-2">{run.data?.input_preview.trim() || words.run}</span>}
      actions={run.data && <RunActions run={run.data} />}
    >
      <Answered query={run}>{(answer) => <RunView key={answer.id} run={answer} />}</Answered>
    </Page>
  );
}

function RunView({ run }: { readonly run: Run }) {
  const followed = useFollowedRun(run.id);
  const state = followed?.state;
  const trace = useSpans(run, state);
  return (
    <>
      <RunFacts run={run} />
      <Answered query={trace}>
        {({ spans, trace: { error } }) => (
          <>
            <Explanation run={run} spans={spans} note={error} />
            <Story run={run} spans={spans} state={state} />
          </>
        )}
      </Answered>
    </>
  );
}

interface StoryProps {
  readonly run: Run;
  readonly spans: readonly Span[];
  readonly state: Parameters<typeof toSteps>[2];
}

const SECOND = 1_000;

function Story({ run, spans, state }: StoryProps) {
  const steps = useMemo(() => toSteps(run, spans, state), [run, spans, state]);
  const begin = Date.parse(run.created_at);
  const latest = steps.reduce((last, step) => Math.max(last, step.end ?? step.start), begin);
  // What goes on has no end yet. In whole seconds, so that the bars do not tremble with each word.
  const now = Math.ceil(Date.now() / SECOND) * SECOND;
  const end = Math.max(latest, run.ended_at === undefined ? now : Date.parse(run.ended_at));
  return <RunStory steps={steps} begin={begin} end={end} />;
}
