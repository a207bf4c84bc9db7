import { ListTree, RefreshCw } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Markdown } from "#web/chat/markdown/markdown.tsx";
import type { RunState, TurnState } from "#web/chat/run/run-state.ts";
import { MediaList } from "#web/chat/transcript/media-list.tsx";
import { Reasoning } from "#web/chat/transcript/reasoning.tsx";
import type { AgentItem } from "#web/chat/transcript/to-items.ts";
import { ToolCard } from "#web/chat/transcript/tool-card.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Status } from "#web/ui/status.tsx";
import { CopyButton } from "#web/ui/text/copy-button.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface AgentTurnProps {
  readonly item: AgentItem;
  readonly agentName: string;
  readonly sessionKey: string;
  /** Shows the run behind the answer. */
  readonly onHow?: ((runId: string) => void) | undefined;
  /** Asks for another answer. */
  readonly onRegenerate?: ((item: AgentItem) => void) | undefined;
  /** What the run used, in a few words. */
  readonly usage?: string | undefined;
}

/** What an agent did and said: thoughts, calls of tools and answers, in their order. */
export const AgentTurn = memo(function AgentTurn(props: AgentTurnProps) {
  const { item, agentName, sessionKey, onHow, onRegenerate, usage } = props;
  const { conversation: words } = useTexts();
  const { turns, live, media, refused, runId, at } = item;
  const isGrowing = live !== undefined && live.phase !== "ended";
  const answer = turns.map(({ text }) => text).join("\n\n");
  return (
    <article aria-label={agentName} aria-busy={isGrowing} className="group flex min-w-0 flex-col gap-3">
      {turns.map((turn) => (
        <TurnView
          key={turn.messageId}
          turn={turn}
          isGrowing={isGrowing && !turn.isComplete}
          isCut={live === undefined && !turn.isComplete}
        />
      ))}
      <MediaList media={media} sessionKey={sessionKey} />
      {refused && <Callout tone="careful">{words.refused}</Callout>}
      {live && <RunNote run={live} />}
      {!isGrowing && (
        <div className="flex flex-wrap items-center gap-1 whitespace-nowrap text-faint text-note opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          {answer.trim() !== "" && <CopyButton text={answer} />}
          {onRegenerate && <IconButton icon={RefreshCw} label={words.regenerate} onClick={() => onRegenerate(item)} />}
          {onHow && runId !== null && <IconButton icon={ListTree} label={words.how} onClick={() => onHow(runId)} />}
          <TimeText iso={at} />
          {usage && <span className="tabular ml-2">{usage}</span>}
        </div>
      )}
    </article>
  );
});

/** One message of the model. A turn that is complete never renders again. */
const TurnView = memo(function TurnView({
  turn,
  isGrowing,
  isCut,
}: {
  readonly turn: TurnState;
  readonly isGrowing: boolean;
  /** True if it ended too early, and no note below says why. */
  readonly isCut: boolean;
}) {
  const { conversation: words } = useTexts();
  const { text, reasoning, calls } = turn;
  return (
    <>
      {reasoning && <Reasoning text={reasoning} isGrowing={isGrowing && text === ""} />}
      {text && <Markdown text={text} isGrowing={isGrowing} />}
      {isCut && <Status tone="idle">{words.incomplete}</Status>}
      {calls.length > 0 && (
        <div className="flex flex-col gap-1">
          {calls.map((call) => (
            <ToolCard key={call.id} call={call} />
          ))}
        </div>
      )}
    </>
  );
});

/** Says how a run stands, where its text does not. */
function RunNote({ run: { phase, turns, end } }: { readonly run: RunState }): ReactNode {
  const { conversation: words } = useTexts();
  if (phase === "queued") return <Status tone="live">{words.waiting}</Status>;
  if (phase === "running") {
    const last = turns.at(-1);
    const isQuiet = !last || (last.text === "" && last.reasoning === "") || last.isComplete;
    return isQuiet && <Status tone="live">{last?.reasoning ? words.thinking : words.working}</Status>;
  }
  switch (end?.type) {
    case "run.failed":
      return (
        <Callout tone="bad" title={words.runFailed}>
          {end.error.message}
        </Callout>
      );
    case "run.cancelled":
      return <Status tone="idle">{words.stopped}</Status>;
    case "run.completed":
      if (end.finish === "length") return <Callout tone="careful">{words.cutOff}</Callout>;
      return end.finish === "content_filter" && <Callout tone="careful">{words.filtered}</Callout>;
    default:
      return null;
  }
}
