import { useFormat } from "#web/i18n/use-texts.tsx";

export type Unit = "number" | "money" | "duration" | "percent";

/** Returns how to write a number of this unit: in full, and short for an axis. */
export function useUnit(unit: Unit): { full: (value: number) => string; short: (value: number) => string } {
  const format = useFormat();
  switch (unit) {
    case "number":
      return { full: format.number, short: format.compact };
    case "money":
      return { full: format.money, short: format.money };
    case "duration":
      return { full: format.duration, short: format.duration };
    case "percent":
      return { full: format.percent, short: format.percent };
  }
}
