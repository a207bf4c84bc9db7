import { setTimeout as wait } from "node:timers/promises";

/** Waits for a time. Resolves early if the signal aborts. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
