import { type Clock, elapsedOf } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { McpError } from "#mcp/mcp-error.ts";

/** Throws `McpError` for a message that nests too deep or holds too many values. Walks without recursion. */
export function requireModest(message: unknown): void {
  let level: readonly unknown[] = [message];
  let values = 1;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LIMITS.jsonDepth) throw new McpError("misbehaved", "the server sent a message that nests too deep");
    const next: unknown[] = [];
    for (const value of level) {
      if (value === null || typeof value !== "object") continue;
      for (const part of Object.values(value)) next.push(part);
    }
    values += next.length;
    if (values > LIMITS.mcpMessageValues)
      throw new McpError("misbehaved", "the server sent a message with too many values");
    level = next;
  }
}

/** Counts what a server sends unasked. */
export class FloodGauge {
  readonly #clock: Clock;
  #count = 0;
  #since = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `McpError` once there are more than `LIMITS.mcpFloodMessages` in `LIMITS.mcpFloodTime`. */
  count(): void {
    const now = elapsedOf(this.#clock);
    if (now - this.#since >= LIMITS.mcpFloodTime) {
      this.#since = now;
      this.#count = 0;
    }
    if (++this.#count > LIMITS.mcpFloodMessages)
      throw new McpError("misbehaved", "the server floods the gateway with messages");
  }
}
