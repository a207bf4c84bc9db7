import { useMemo } from "react";
import { useFormat } from "#web/i18n/use-texts.tsx";
import { type Unit, useUnit } from "#web/ui/charts/use-unit.ts";

export type Units = Readonly<Record<Unit, ReturnType<typeof useUnit>>>;

/** Returns how to write the numbers of every unit. It stays the same until the language changes. */
export function useUnits(): Units {
  const format = useFormat();
  const [number, money, duration, percent] = [
    useUnit("number"),
    useUnit("money"),
    useUnit("duration"),
    useUnit("percent"),
  ];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the format decides about all of them
  return useMemo(() => ({ number, money, duration, percent }), [format]);
}
