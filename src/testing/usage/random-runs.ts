import { DAY, SECOND } from "#base/clock.ts";
import type { StoredCall, StoredRun } from "#testing/usage/stored-run.ts";

/** Returns numbers from 0 to before 1 that are the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const USERS = ["ada", "bob", "Đặng Thị Hà", "王小明", "🦊"];
const CHANNELS = ["http", "wake", "telegram"];
const MODELS = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "openai", model: "gpt-4o-mini" },
  { provider: "anthropic", model: "claude-haiku-4-5" },
];

/** Makes runs at random times of some days, most of which have ended. */
export function makeRuns(
  random: () => number,
  options: { readonly agentIds: readonly string[]; readonly from: Date; readonly days: number; readonly count: number },
): readonly StoredRun[] {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const makeCall = (): StoredCall => ({
    ...pick(MODELS),
    input: Math.floor(random() * 5_000) + 1,
    output: Math.floor(random() * 500),
    nanos: Math.floor(random() * 50_000_000),
  });
  return Array.from({ length: options.count }, () => {
    const isOpen = random() < 0.05;
    return {
      agentId: pick(options.agentIds),
      userId: pick(USERS),
      channel: pick(CHANNELS),
      at: new Date(options.from.getTime() + Math.floor(random() * options.days * DAY)),
      duration: isOpen ? undefined : Math.floor(random() * 600 * SECOND),
      status: isOpen ? "running" : pick(["completed", "completed", "completed", "failed", "cancelled"] as const),
      toolCalls: Math.floor(random() * 4),
      calls: Array.from({ length: Math.floor(random() * 4) }, makeCall),
      parentId: random() < 0.1 ? "another-run" : undefined,
    };
  });
}
