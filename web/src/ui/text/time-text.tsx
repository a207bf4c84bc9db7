import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import { useFormat } from "#web/i18n/use-texts.tsx";
import { createTicker } from "#web/ui/text/create-ticker.ts";

const TickerContext = createContext(createTicker());

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
  const text = useSyncExternalStore(subscribe, () =>
    mode === "ago" ? format.ago(iso, ticker.now()) : format.dateTime(iso),
  );
  return (
    <time dateTime={iso} title={format.dateTime(iso)} className={className}>
      {text}
    </time>
  );
}
