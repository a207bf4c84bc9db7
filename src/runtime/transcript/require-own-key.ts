import { AppError } from "#base/errors.ts";

/** A session that a caller wants to begin under a key of its own choice. */
export interface ChosenKey {
  readonly key: string;
  readonly agentId: string;
  readonly agentKey: string;
  readonly isAdmin: boolean;
}

/** Session keys of this form belong to an agent. */
const OF_AGENT = /^agent:([^:]*):([^:]*)/;
/** Sessions of chat platforms, by the name of the instance. Clients of the WebSocket begin their own. */
const OF_CHAT = /^agent:[^:]*:(?!ws:)[^:]*:(?:direct|group):/;
/** The gateway itself begins the sessions of these families, in which it works for everybody. */
const OF_GATEWAY: readonly string[] = ["cron", "heartbeat", "subagent", "team"];

/**
 * Throws 400 if the key belongs to another agent or to the gateway. Whoever begins a session owns it, so nobody may
 * take a key that others expect to be theirs.
 */
export function requireOwnKey({ key, agentId, agentKey, isAdmin }: ChosenKey): void {
  const [, agent, family] = OF_AGENT.exec(key) ?? [];
  if (agent === undefined || family === undefined) return;
  const isOfAgent = agent === agentKey || agent.toLowerCase() === agentId;
  if (isOfAgent && (isAdmin || !(OF_GATEWAY.includes(family) || OF_CHAT.test(key)))) return;
  throw new AppError(
    "INVALID_REQUEST",
    "error.session_key_reserved",
    { key },
    { field: "session_key", reason: "session_key_reserved" },
  );
}
