import { setImmediate } from "node:timers/promises";

/**
 * Resolves when the event loop has served sockets and timers. One immediate is too early, because Bun runs those that
 * were set since its last poll before the next one.
 */
export async function nextTurn(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
