import type { ReactNode } from "react";
import { RunStatus } from "#web/chat/run/run-status.tsx";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useAgentName } from "#web/live/use-agent-name.ts";
import { nameDoor } from "#web/screens/runs/list/name-door.ts";
import type { Run } from "#web/screens/runs/run/story/to-steps.ts";
import { TextLink } from "#web/ui/link.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

/** What is known about a run, in one line. */
export function RunFacts({ run }: { readonly run: Run }) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const nameOf = useAgentName();
  const { id, agent_key, user_id, status, provider, model, kind, usage, cost, created_at, ended_at } = run;
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [words.state, <RunStatus key="state" status={status} />],
    [
      words.agent,
      <TextLink key="agent" href={`/agents/${encodeURIComponent(agent_key)}`}>
        {nameOf(agent_key)}
      </TextLink>,
    ],
    [words.person, user_id || "–"],
    [words.model, model ? `${provider} / ${model}` : "–"],
    [words.begun, <TimeText key="at" iso={created_at} mode="dateTime" />],
    [words.duration, ended_at ? format.duration(Date.parse(ended_at) - Date.parse(created_at)) : "–"],
    [words.tokens, words.tokensInOut(format.number(usage.input_tokens), format.number(usage.output_tokens))],
    [words.cost, format.money(cost)],
    [words.door, nameDoor(words, kind)],
    [words.id, <IdText key="id" id={id} />],
    ...(run.parent_run_id === undefined
      ? []
      : ([
          [
            words.parent,
            <TextLink key="parent" href={`/runs/${run.parent_run_id}`}>
              {words.openParent}
            </TextLink>,
          ],
        ] as const)),
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-table sm:flex sm:flex-wrap">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-note text-soft">{label}</dt>
          <dd className="tabular min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
