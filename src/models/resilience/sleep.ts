import { setTimeout as wait } from "node:timers/promises";

/** Waits, but not longer than the signal lets it. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
