import { type RefObject, useCallback, useEffect, useRef } from "react";

/**
 * Lets the focus go from an open dialog to what lies above it. Dialogs hear of the focus at the document, and would take
 * it back. Returns a function that gives it back.
 */
export function useFreeFocus(above: RefObject<HTMLElement | null>): () => void {
  const before = useRef<HTMLElement>(null);
  useEffect(() => {
    const isAbove = (place: EventTarget | null) => place instanceof Node && above.current?.contains(place) === true;
    function keepQuiet(event: FocusEvent) {
      const { type, target, relatedTarget } = event;
      if (!isAbove(type === "focusin" ? target : relatedTarget)) return;
      event.stopPropagation();
      const comesFrom = type === "focusin" ? relatedTarget : target;
      if (!isAbove(comesFrom) && comesFrom instanceof HTMLElement) before.current = comesFrom;
    }
    const { body } = document;
    body.addEventListener("focusin", keepQuiet);
    body.addEventListener("focusout", keepQuiet);
    return () => {
      body.removeEventListener("focusin", keepQuiet);
      body.removeEventListener("focusout", keepQuiet);
    };
  }, [above]);
  return useCallback(() => {
    if (above.current?.contains(document.activeElement)) before.current?.focus();
  }, [above]);
}
