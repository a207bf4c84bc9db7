import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { Markdown } from "#web/chat/markdown/markdown.tsx";
import { Reasoning } from "#web/chat/transcript/reasoning.tsx";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { explainKind } from "#web/screens/runs/run/story/explain-kind.ts";
import { GivenTask } from "#web/screens/runs/run/story/given-task.tsx";
import { SentMessages } from "#web/screens/runs/run/story/sent-messages.tsx";
import type { Span, Step } from "#web/screens/runs/run/story/to-steps.ts";
import { Button } from "#web/ui/button.tsx";
import { useRenderLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";
import { JsonView } from "#web/ui/text/json-view.tsx";

/** A longer text is shown in a box that scrolls. */
const MAX_HEIGHT = "24rem";

/** What is known about a step. Texts of models and tools are shown as texts only. */
export function StepDetails({ step }: { readonly step: Step }) {
  switch (step.kind) {
    case "model":
      return <ModelDetails step={step} />;
    case "tool":
      return <ToolDetails step={step} />;
    case "task":
      return <GivenTask preview={step.span?.input_preview ?? ""} />;
    default:
      return <WorkDetails step={step} />;
  }
}

function ModelDetails({ step: { span, turn, state, before } }: { readonly step: Step }) {
  const { runs: words } = useTexts();
  const text = turn?.text ?? span?.output_preview ?? "";
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      {state === "failed" && <Failure error={span?.error} />}
      {span && hasUsage(span) && <ModelFacts span={span} />}
      {turn?.reasoning && <Reasoning text={turn.reasoning} isGrowing={state === "running" && turn.text === ""} />}
      {text && (
        <Part label={words.said}>
          <div className="max-w-[72ch]">
            <Markdown text={text} isGrowing={state === "running"} />
          </div>
        </Part>
      )}
      {turn && turn.calls.length > 0 && (
        <p className="text-soft">{words.calls(turn.calls.map(({ name }) => name).join(", "))}</p>
      )}
      {span?.input_preview && <SentMessages preview={span.input_preview} before={before} />}
    </div>
  );
}

/** A call that failed at once used nothing. */
const hasUsage = ({ input_tokens = 0, output_tokens = 0 }: Span) => input_tokens + output_tokens > 0;

function Failure({ error }: { readonly error: string | undefined }) {
  const { runs: words } = useTexts();
  const said = error?.includes(": ") ? error.slice(error.indexOf(": ") + 2) : undefined;
  return <Callout tone="bad">{said === undefined ? explainKind(error, words) : words.providerSaid(said)}</Callout>;
}

function ModelFacts({ span }: { readonly span: Span }) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const { provider, model, input_tokens = 0, output_tokens = 0, total_cost = 0, finish_reason, metadata } = span;
  const cached = Number(metadata.cache_read_tokens ?? 0);
  const settings = Object.entries(span.model_params).map(([name, value]) => `${name} ${String(value)}`);
  return (
    <Facts
      className="text-table"
      items={[
        { label: words.model, value: `${provider} / ${model}` },
        {
          label: words.tokens,
          value: [
            words.tokensInOut(format.number(input_tokens), format.number(output_tokens)),
            ...(cached > 0 ? [words.cached(format.number(cached))] : []),
          ].join(" · "),
        },
        { label: words.cost, value: format.money(total_cost) },
        ...(typeof metadata.first_token_ms === "number"
          ? [{ label: words.firstToken, value: format.duration(metadata.first_token_ms) }]
          : []),
        ...(finish_reason !== undefined
          ? [{ label: words.finish, value: nameFinish(finish_reason, words.finishes) }]
          : []),
        ...(typeof metadata.key_number === "number"
          ? [{ label: words.keyNumber, value: format.number(metadata.key_number) }]
          : []),
        ...(settings.length > 0 ? [{ label: words.settings, value: settings.join(" · ") }] : []),
      ]}
    />
  );
}

const nameFinish = (finish: string, names: Readonly<Record<string, string>>): string => names[finish] ?? finish;

function ToolDetails({ step: { span, call } }: { readonly step: Step }) {
  const { runs: words, conversation } = useTexts();
  const result = call?.result?.text ?? span?.output_preview;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      {span?.error && <Callout tone="bad">{span.error}</Callout>}
      <Part label={conversation.arguments}>
        <JsonView value={parse(call?.arguments ?? span?.input_preview ?? "")} />
      </Part>
      <Part label={conversation.result}>
        {result === undefined ? (
          <span className="text-soft">{call?.isClient ? conversation.byCaller : conversation.noResult}</span>
        ) : (
          <CodeBlock code={result || words.noText} wrap maxHeight={MAX_HEIGHT} />
        )}
      </Part>
    </div>
  );
}

function WorkDetails({ step: { span } }: { readonly step: Step }) {
  const { runs: words } = useTexts();
  const renderLink = useRenderLink();
  const child = span?.metadata.linked_trace_id;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      {span?.error && <Callout tone="bad">{span.error}</Callout>}
      {span?.input_preview && (
        <Part label={words.task}>
          <CodeBlock code={span.input_preview} wrap maxHeight={MAX_HEIGHT} />
        </Part>
      )}
      {span?.output_preview && (
        <Part label={words.said}>
          <CodeBlock code={span.output_preview} wrap maxHeight={MAX_HEIGHT} />
        </Part>
      )}
      {typeof child === "string" && (
        <Button asChild icon={ExternalLink} className="justify-self-start">
          {renderLink({ href: `/runs/${encodeURIComponent(child)}`, children: words.openChild })}
        </Button>
      )}
    </div>
  );
}

function Part({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
      <span className="text-note text-soft">{label}</span>
      {children}
    </div>
  );
}

/** Arguments are what a model wrote, so they may be no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
