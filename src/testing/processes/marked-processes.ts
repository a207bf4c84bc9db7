import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** Returns the argument of a `sleep` of about an hour, by which a test finds its own processes. */
export const newMark = (): string => `3600.${randomInt(10 ** 12)}`;

/** Returns how many processes of this machine have the mark among their arguments. */
const countMarked = (mark: string): number =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(mark)).length;

/** Waits until no process has the mark. */
export async function untilGone(mark: string): Promise<void> {
  while (countMarked(mark) > 0) await Bun.sleep(10);
}

/** Waits until `count` processes have the mark. */
export async function untilRunning(mark: string, count = 1): Promise<void> {
  while (countMarked(mark) < count) await Bun.sleep(10);
}

function argumentsOf(id: string): readonly string[] {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
