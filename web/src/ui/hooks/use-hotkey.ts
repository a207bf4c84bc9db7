import { useEffect, useEffectEvent } from "react";

/** How long the second key of a sequence may come after the first, in milliseconds. */
const PATIENCE = 1_000;

/** What lies over the page and has keys of its own. */
const OPENED = ["dialog", "menu", "listbox"].map((role) => `[role="${role}"][data-state="open"]`).join();

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));

const isApple = (): boolean => /Mac|iP(?:hone|ad|od)/.test(navigator.userAgent);

/** Returns how to write keys for a person at this machine: ⌘K or Ctrl K. */
export const toKeyLabel = (keys: string): string =>
  keys
    .split(" ")
    .map((key) =>
      key
        .split("+")
        .map((part) => (part === "mod" ? (isApple() ? "⌘" : "Ctrl ") : part.toUpperCase()))
        .join(""),
    )
    .join(" ");

function isPressed(event: KeyboardEvent, key: string): boolean {
  const needsMod = key.startsWith("mod+");
  const hasMod = isApple() ? event.metaKey : event.ctrlKey;
  const others = isApple() ? event.ctrlKey : event.metaKey;
  const name = needsMod ? key.slice("mod+".length) : key;
  return hasMod === needsMod && !others && !event.altKey && event.key.toLowerCase() === name.toLowerCase();
}

interface HotkeyOptions {
  readonly isEnabled?: boolean;
}

/**
 * Calls the handler when a key is pressed anywhere: "j", "/", "mod+k", or one after the other, "g a".
 * Keys typed into a text field or behind an open dialog are ignored, unless they are with "mod".
 */
export function useHotkey(keys: string, handler: (event: KeyboardEvent) => void, options: HotkeyOptions = {}): void {
  const { isEnabled = true } = options;
  const onMatch = useEffectEvent(handler);
  useEffect(() => {
    if (!isEnabled) return;
    const steps = keys.split(" ");
    let done = 0;
    let last = 0;
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return;
      if (!keys.startsWith("mod+")) {
        if (isTextField(event.target) || document.querySelector(OPENED)) return;
      }
      if (event.timeStamp - last > PATIENCE) done = 0;
      if (["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
      if (!isPressed(event, steps[done] ?? "")) {
        done = isPressed(event, steps[0] ?? "") ? 1 : 0;
        last = event.timeStamp;
        if (done < steps.length) return;
      } else {
        done += 1;
        last = event.timeStamp;
      }
      if (done < steps.length) return;
      done = 0;
      event.preventDefault();
      onMatch(event);
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [keys, isEnabled]);
}
