import { type RefObject, useLayoutEffect, useState } from "react";

/** Rows that are rendered beyond each edge of the window, so that quick scrolling shows no gaps. */
const BEYOND = 12;
/** The range moves in steps of so many rows, so that most scroll events render nothing. */
const STEP = 6;

export interface ShownRows {
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
}

/**
 * Returns which rows of fixed height are near the visible part of the window.
 * It works wherever the element scrolls: with the page or in a container.
 */
export function useShownRows(element: RefObject<HTMLElement | null>, count: number, rowHeight: number): ShownRows {
  const [shown, setShown] = useState<ShownRows>({ first: 0, end: Math.min(count, 40) });
  useLayoutEffect(() => {
    const body = element.current;
    if (!body) return;
    let frame = 0;
    function measure() {
      frame = 0;
      if (!body) return;
      const { top } = body.getBoundingClientRect();
      const start = Math.floor(Math.max(0, -top) / rowHeight / STEP) * STEP;
      const visible = Math.ceil(innerHeight / rowHeight / STEP) * STEP;
      const first = Math.min(Math.max(0, start - BEYOND), Math.max(0, count - 1));
      const end = Math.min(count, start + visible + STEP + BEYOND);
      setShown((known) => (known.first === first && known.end === end ? known : { first, end }));
    }
    const later = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    const sizes = new ResizeObserver(later);
    sizes.observe(body);
    sizes.observe(document.body);
    document.addEventListener("scroll", later, { capture: true, passive: true });
    addEventListener("resize", later);
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      document.removeEventListener("scroll", later, { capture: true });
      removeEventListener("resize", later);
    };
  }, [element, count, rowHeight]);
  return shown;
}
