import { type RefObject, useEffect, useState } from "react";

/** So far above the window, in pixels, its first rows are out of view. */
const PAST = -36;

/** Returns whether the beginning of an element is scrolled out of view, wherever it scrolls. */
export function useScrolledPast(element: RefObject<HTMLElement | null>): boolean {
  const [isPast, setIsPast] = useState(false);
  useEffect(() => {
    const measure = () => setIsPast((element.current?.getBoundingClientRect().top ?? 0) < PAST);
    document.addEventListener("scroll", measure, { capture: true, passive: true });
    return () => document.removeEventListener("scroll", measure, { capture: true });
  }, [element]);
  return isPast;
}
