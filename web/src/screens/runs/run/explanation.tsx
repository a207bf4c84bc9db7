import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { explainRun } from "#web/screens/runs/run/explain-run.ts";
import type { Run, Span } from "#web/screens/runs/run/story/to-steps.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface ExplanationProps {
  readonly run: Run;
  readonly spans: readonly Span[];
  readonly note: string | undefined;
}

/** Why a run waits, failed, was stopped, or took a turn on its way. A run that simply went well needs no words. */
export function Explanation({ run, spans, note }: ExplanationProps) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const isQueued = run.status === "queued";
  const others = useCall(
    "runs.list",
    { session_key: run.session_key, status: "running", limit: 1 },
    { isEnabled: isQueued },
  );
  const ahead = isQueued ? others.data?.runs.find(({ id }) => id !== run.id) : undefined;
  if (isQueued && others.isPending) return null;
  const notes = explainRun({ run, spans, note, isBehind: ahead !== undefined }, words, format);
  return notes.map(({ key, tone, title, advice, quote }) => (
    <Callout key={key} tone={tone} title={title}>
      {quote !== undefined && <p>{words.providerSaid(quote)}</p>}
      {advice !== undefined && <p className="text-soft">{advice}</p>}
      {ahead && <TextLink href={`/runs/${ahead.id}`}>{words.openAhead}</TextLink>}
    </Callout>
  ));
}
