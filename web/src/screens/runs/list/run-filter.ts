import type { InputOf } from "#client/index.ts";
import type { RunStatusName } from "#web/chat/run/run-status.tsx";

/** The filters of the list, as the URL has them. */
export interface RunFilter {
  readonly agent?: string;
  readonly user?: string;
  readonly status?: string;
  readonly session?: string;
  /** A word in the task, the answer or the session. */
  readonly q?: string;
  /** A tool that was called. */
  readonly tool?: string;
  readonly channel?: string;
  /** `1h`, `24h`, `7d`, `30d`, a day or a time. */
  readonly from?: string;
  readonly to?: string;
}

export const STATUSES: readonly RunStatusName[] = [
  "queued",
  "running",
  "waiting",
  "completed",
  "failed",
  "cancelled",
] as const;

/** The periods that a person can choose, in milliseconds until now. */
export const PERIODS: Readonly<Record<string, number>> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

const MINUTE = 60_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Returns the moment that a filter means. A day begins and ends in the person's time zone. */
function toMoment(text: string | undefined, isEnd: boolean, now: number): string | undefined {
  if (text === undefined) return undefined;
  const period = PERIODS[text];
  if (period !== undefined) return new Date(Math.floor(now / MINUTE) * MINUTE - period).toISOString();
  const date = new Date(DAY.test(text) ? `${text}T00:00` : text);
  if (Number.isNaN(date.getTime())) return undefined;
  if (isEnd && DAY.test(text)) date.setDate(date.getDate() + 1);
  return date.toISOString();
}

/** Returns whether a filter asks for what only traces know: texts, tools, doors and times. */
export const needsTraces = ({ q, tool, channel, from, to }: RunFilter): boolean =>
  [q, tool, channel, from, to].some((value) => value !== undefined);

const toStatus = (status: string | undefined): RunStatusName | undefined => STATUSES.find((known) => known === status);

export function toRunsInput({ agent, user, status, session }: RunFilter): InputOf<"runs.list"> {
  const known = toStatus(status);
  return {
    ...(agent !== undefined && { agent_id: agent }),
    ...(user !== undefined && { user_id: user }),
    ...(session !== undefined && { session_key: session }),
    ...(known && { status: known }),
  };
}

const TRACE_STATUSES = {
  queued: "running",
  running: "running",
  waiting: "running",
  completed: "completed",
  failed: "error",
  cancelled: "cancelled",
} as const;

export function toTracesInput(filter: RunFilter, now: number): InputOf<"traces.list"> {
  const { agent, user, session, q, tool, channel } = filter;
  const status = toStatus(filter.status);
  const from = toMoment(filter.from, false, now);
  const to = toMoment(filter.to, true, now);
  return {
    ...(agent !== undefined && { agent_id: agent }),
    ...(user !== undefined && { user_id: user }),
    ...(session !== undefined && { session_key: session }),
    ...(status && { status: TRACE_STATUSES[status] }),
    ...(q !== undefined && { q }),
    ...(tool !== undefined && { tool_name: tool }),
    ...(channel !== undefined && { channel }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}
