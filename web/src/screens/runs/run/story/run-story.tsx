import { useNavigate, useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { StepRow } from "#web/screens/runs/run/story/step-row.tsx";
import { STORY_GRID } from "#web/screens/runs/run/story/story-grid.ts";
import { namesOf, type Step } from "#web/screens/runs/run/story/to-steps.ts";
import { useStepKeys } from "#web/screens/runs/run/story/use-step-keys.ts";
import { cn } from "#web/ui/classes.ts";
import { useHotkey } from "#web/ui/hooks/use-hotkey.ts";

interface RunStoryProps {
  readonly steps: readonly Step[];
  /** When it began and ended, in milliseconds since 1970. */
  readonly begin: number;
  readonly end: number;
}

const ROW_HEIGHT = 40;

/** What a run did, step by step, with the time of each beside it. What failed is open from the start. */
export function RunStory({ steps, begin, end }: RunStoryProps) {
  const { runs: words } = useTexts();
  const { step: linked } = useSearch({ from: "/runs/$runId" });
  const navigate = useNavigate({ from: "/runs/$runId" });
  const list = useRef<HTMLOListElement>(null);
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [margin, setMargin] = useState(0);
  const keyOf = useStepKeys();

  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => list.current?.closest("main") ?? null,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => {
      const step = steps[index];
      return step === undefined ? index : keyOf(step);
    },
    overscan: 12,
    scrollMargin: margin,
  });

  // What is above the list may change its height at any time.
  useLayoutEffect(() => {
    const element = list.current;
    const scroller = element?.closest("main");
    if (!element || !scroller) return;
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    if (Math.round(top) !== Math.round(margin)) setMargin(top);
  });

  // What somebody watched does not fold itself when it is done.
  const [watched] = useState(() => new Set<string>());
  useEffect(() => {
    for (const step of steps) if (isGrowing(step)) watched.add(keyOf(step));
  }, [steps, watched, keyOf]);
  const isLinked = (step: Step) => linked !== undefined && namesOf(step).includes(linked);
  const isOpen = (step: Step) => {
    const key = keyOf(step);
    return chosen.get(key) ?? (isLinked(step) || step.state === "failed" || isGrowing(step) || watched.has(key));
  };

  const toggle = useCallback(
    (key: string, opens: boolean) => {
      setChosen((before) => new Map(before).set(key, opens));
      void navigate({ search: opens ? { step: key } : {}, replace: true });
    },
    [navigate],
  );

  function move(by: number) {
    const heads = [...(list.current?.querySelectorAll<HTMLElement>("[data-step]") ?? [])];
    const at = heads.findIndex((head) => head.matches(":focus"));
    heads[Math.min(Math.max(at + by, 0), heads.length - 1)]?.focus();
  }
  useHotkey("j", () => move(1));
  useHotkey("k", () => move(-1));

  const linkedIndex = steps.findIndex(isLinked);
  // Only the step of a link is brought into view, and not one that a person opens.
  const isReached = useRef(linked === undefined);
  useLayoutEffect(() => {
    if (linkedIndex < 0 || isReached.current) return;
    isReached.current = true;
    virtual.scrollToIndex(linkedIndex, { align: "center" });
  }, [linkedIndex, virtual]);

  return (
    <section aria-label={words.story} className="rounded-lg border border-line bg-card">
      <Scale duration={end - begin} />
      <ol ref={list} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const step = steps[index];
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={steps.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 border-line border-b last:border-b-0"
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              {step && (
                <StepRow
                  step={step}
                  name={keyOf(step)}
                  isOpen={isOpen(step)}
                  onToggle={toggle}
                  begin={begin}
                  end={end}
                />
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const isGrowing = ({ state, turn }: Step) => state === "running" && turn !== undefined;

const MARKS = [0, 0.25, 0.5, 0.75, 1];

/** The scale of time above the bars. */
function Scale({ duration }: { readonly duration: number }) {
  const { runs: words } = useTexts();
  const format = useFormat();
  return (
    <div className={cn(STORY_GRID, "border-line border-b px-3 py-2 text-note text-soft max-md:hidden")}>
      <span>{words.step}</span>
      <span className="text-right">{words.took}</span>
      <span aria-hidden="true" className="tabular relative h-4">
        {MARKS.map((mark) => (
          <span
            key={mark}
            className="absolute whitespace-nowrap"
            style={{ left: `${mark * 100}%`, transform: `translateX(-${mark * 100}%)` }}
          >
            {format.duration(Math.round(duration * mark))}
          </span>
        ))}
      </span>
    </div>
  );
}
