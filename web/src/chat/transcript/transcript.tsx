import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { AgentTurn } from "#web/chat/transcript/agent-turn.tsx";
import { PersonTurn, type Version } from "#web/chat/transcript/person-turn.tsx";
import type { AgentItem, Item, PersonItem } from "#web/chat/transcript/to-items.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";

interface TranscriptProps {
  readonly items: readonly Item[];
  readonly agentName: string;
  readonly sessionKey: string;
  /** Loads what was said before. Absent at the beginning. */
  readonly onOlder?: (() => void) | undefined;
  readonly onEdit?: (item: PersonItem) => void;
  readonly onHow?: (runId: string) => void;
  readonly onRegenerate?: (item: AgentItem) => void;
  readonly versionOf?: (item: PersonItem) => Version | undefined;
  /** What a run used, in a few words. */
  readonly usageOf?: (runId: string) => string | undefined;
}

const ABOUT_HEIGHT = 160;
/** Nearer to the end than this, in pixels, a reader follows what is new. */
const AT_END = 60;
/** Older messages are loaded when a reader is so near to the first ones, in pixels. */
const NEAR_START = 600;

/**
 * A conversation. It begins at its end and follows what is new, unless the reader looks at something above. Then it
 * stays there, and says that there is something new below.
 */
export function Transcript({
  items,
  agentName,
  sessionKey,
  onOlder,
  onEdit,
  onHow,
  onRegenerate,
  ...rest
}: TranscriptProps) {
  const { versionOf, usageOf } = rest;
  const { conversation: words } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const ending = endOf(items);
  const [seen, setSeen] = useState(ending);
  if (isAtEnd && seen !== ending) setSeen(ending);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ABOUT_HEIGHT,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 4,
    gap: 12,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: AT_END,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another session begins at its end too
  useLayoutEffect(() => virtual.scrollToEnd(), [virtual, sessionKey]);

  const own = items.findLast((item) => item.kind === "person" && item.messageId === "")?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: who sends a message wants to see it
  useLayoutEffect(() => virtual.scrollToEnd(), [virtual, own]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let isFollowing = true;
    const look = () => {
      isFollowing = virtual.isAtEnd();
      setIsAtEnd(isFollowing);
      if (element.scrollTop < NEAR_START) onOlder?.();
    };
    element.addEventListener("scroll", look, { passive: true });
    // The composer grows over the end, which then stays in view.
    const resized = new ResizeObserver(() => isFollowing && virtual.scrollToEnd());
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [virtual, onOlder]);

  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        aria-label={words.transcript}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        className="focus-inset h-full overflow-y-auto overscroll-contain px-4 [overflow-anchor:none]"
      >
        <div role="log" className="relative mx-auto my-6 max-w-[760px]" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index];
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {item?.kind === "person" && (
                  <PersonTurn {...{ item, sessionKey, onEdit }} version={versionOf?.(item)} />
                )}
                {item?.kind === "agent" && (
                  <AgentTurn
                    {...{ item, agentName, sessionKey, onHow, onRegenerate }}
                    usage={item.runId === null ? undefined : usageOf?.(item.runId)}
                  />
                )}
              </div>
            );
          })}
        </div>
      </section>
      {!isAtEnd && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            size="sm"
            icon={ArrowDown}
            onClick={() => virtual.scrollToEnd({ behavior: "smooth" })}
            className="pointer-events-auto shadow-float"
          >
            {seen === ending ? words.toEnd : words.newBelow}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Differs when something was said since. */
function endOf(items: readonly Item[]): string {
  const last = items.at(-1);
  const turn = last?.kind === "agent" ? last.turns.at(-1) : undefined;
  return `${last?.key} ${turn?.messageId} ${turn?.text.length} ${turn?.calls.length}`;
}
