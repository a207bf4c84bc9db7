import { useCall } from "#web/live/use-call.ts";
import { toDay } from "#web/screens/home/day.ts";

/** Returns how many runs that began today failed. */
export function useFailuresOfToday(): number {
  const failed = useCall("traces.list", {
    status: "error",
    from: new Date(`${toDay()}T00:00`).toISOString(),
    limit: 1,
  });
  return failed.data?.total ?? 0;
}
