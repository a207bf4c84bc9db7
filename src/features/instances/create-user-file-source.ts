import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import { toFileSection } from "#features/agents/index.ts";
import { instanceFileSet } from "#features/instances/events.ts";
import { findUserFile } from "#features/instances/repository.ts";
import { USER_FILE } from "#features/instances/schema.ts";
import type { PromptSource } from "#runtime/prompt/index.ts";

const MAX_KNOWN = 10_000;

/**
 * Creates the prompt source for a user's own USER.md. It replaces the agent's file of that name, and an empty one
 * leaves the agent's in place. Another process sees a change when it hears of it.
 */
export function createUserFileSource(events: EventBus): PromptSource {
  const known = new Remembered<{ readonly content: string }>({ max: MAX_KNOWN, ttl: LIMITS.agentCacheTime });
  const forget = () => known.forget();
  events.subscribe([instanceFileSet], { receive: forget, onMissed: forget });
  return {
    async load(db, { agent, userId }) {
      const read = async () => ({ content: (await findUserFile(db.read, agent.id, userId)) ?? "" });
      const { content } = await known.get(JSON.stringify([db.tenantId, agent.id, userId]), read);
      return content === "" ? [] : [toFileSection({ name: USER_FILE, content })];
    },
  };
}
