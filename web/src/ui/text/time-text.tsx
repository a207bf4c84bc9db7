import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import { useFormat } from "#web/i18n/use-texts.tsx";
import { createTicker } from "#web/ui/text/create-ticker.ts";

const TickerContext = createContext(createTicker());

/** Clocks of two machines differ. What lies so little ahead, in milliseconds, is now. */
const SKEW = 60_000;

interface TimeTextProps {
  readonly iso: string;
  readonly mode?: "ago" | "dateTime";
  readonly className?: string;
}

/** Use for every time. `ago` where it matters how recent it is, `dateTime` where times are compared. */
export function TimeText({ iso, mode = "ago", className }: TimeTextProps) {
  const format = useFormat();
  const ticker = useContext(TickerContext);
  const subscribe = useCallback(
    (onTick: () => void) => (mode === "ago" ? ticker.subscribe(onTick) : () => {}),
    [ticker, mode],
  );
  const text = useSyncExternalStore(subscribe, () => {
    if (mode === "dateTime") return format.dateTime(iso);
    const ahead = Date.parse(iso) - ticker.now();
    return format.ago(iso, ticker.now() + (ahead > 0 && ahead < SKEW ? ahead : 0));
  });
  return (
    <time dateTime={iso} title={format.dateTime(iso)} className={className}>
      {text}
    </time>
  );
}
