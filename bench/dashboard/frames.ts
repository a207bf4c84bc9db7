import type { Page } from "playwright-core";

/** How smooth a page was, in milliseconds. */
export interface Frames {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
  /** The share of frames that came later than a screen of 60 Hz shows them. */
  readonly late: number;
  /** Tasks that held the page for more than 50 ms. */
  readonly longTasks: readonly number[];
}

/** Records the frames and long tasks of a page from now on. */
const RECORD = `
  window.recorded = { frames: [], tasks: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.recorded.tasks.push(duration);
  }).observe({ type: "longtask" });
  let last = performance.now();
  const look = (now) => {
    window.recorded.frames.push(now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);`;

/** A frame of 60 Hz, with what timers are inexact by. */
const LATE_MS = 1_000 / 60 + 4;

/** Records the frames of a page while something happens. */
export async function recordFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(RECORD);
  await act();
  const { frames, tasks } = await page.evaluate<{ frames: number[]; tasks: number[] }>("window.recorded");
  // The first frames belong to the recording itself.
  const sorted = frames.slice(2).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    count: sorted.length,
    median: at(0.5),
    p95: at(0.95),
    worst: sorted.at(-1) ?? 0,
    late: sorted.filter((frame) => frame > LATE_MS).length / Math.max(1, sorted.length),
    longTasks: tasks,
  };
}
