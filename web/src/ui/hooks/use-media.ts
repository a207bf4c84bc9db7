import { useCallback, useSyncExternalStore } from "react";

/** Returns whether a media query holds, such as `(max-width: 639px)`. Prefer CSS where the difference is only a look. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
