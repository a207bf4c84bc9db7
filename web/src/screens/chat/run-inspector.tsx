import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { RunStatus } from "#web/chat/run/run-status.tsx";
import { Waterfall } from "#web/chat/run/waterfall.tsx";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { Facts } from "#web/ui/page/facts.tsx";

interface RunInspectorProps {
  readonly runId: string;
  readonly onClose: () => void;
}

/** How an answer came about, beside the conversation: the run's model, tokens, cost and steps. */
export function RunInspector({ runId, onClose }: RunInspectorProps) {
  const { chat: words, ui } = useTexts();
  const isWide = useMedia("(min-width: 1100px)");
  const content = <RunDetails runId={runId} />;
  if (!isWide) {
    return (
      <Drawer isOpen onClose={onClose} title={words.inspector}>
        {content}
      </Drawer>
    );
  }
  return (
    <aside
      aria-label={words.inspector}
      className="flex w-[360px] shrink-0 flex-col gap-4 overflow-y-auto border-line border-l bg-card p-4"
    >
      <div className="flex items-center justify-between">
        <h2 className="font-semibold">{words.inspector}</h2>
        <Button size="sm" variant="ghost" onClick={onClose}>
          {ui.close}
        </Button>
      </div>
      {content}
    </aside>
  );
}

function RunDetails({ runId }: { readonly runId: string }) {
  const { chat: words } = useTexts();
  const format = useFormat();
  const run = useCall("runs.get", { id: runId });
  const trace = useCall("traces.get", { id: runId });
  return (
    <div className="flex flex-col gap-4">
      <Answered query={run}>
        {({ status, provider, model, usage, cost, started_at, ended_at }) => (
          <Facts
            items={[
              { label: words.status, value: <RunStatus status={status} /> },
              { label: words.model, value: model ? `${provider} / ${model}` : "–" },
              { label: words.tokens, value: format.number(usage.input_tokens + usage.output_tokens) },
              { label: words.cost, value: format.money(cost) },
              {
                label: words.duration,
                value: started_at && ended_at ? format.duration(Date.parse(ended_at) - Date.parse(started_at)) : "–",
              },
            ]}
          />
        )}
      </Answered>
      <Answered query={trace}>{({ spans }) => <Waterfall spans={spans} />}</Answered>
      <Button asChild icon={ExternalLink}>
        <Link to="/runs/$runId" params={{ runId }}>
          {words.openRun}
        </Link>
      </Button>
    </div>
  );
}
