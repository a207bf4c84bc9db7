import { timeZone, type UsageFilter } from "#web/screens/usage/period.ts";

/** Returns what every operation of usage takes: a stretch of time, the person's time zone and what it is narrowed to. */
export function toInput({ agent, provider, model, user, channel }: UsageFilter, window: { from: string; to: string }) {
  return {
    ...{ from: window.from, to: window.to, tz: timeZone() },
    ...(agent !== undefined && { agent_id: agent }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(user !== undefined && { user_id: user }),
    ...(channel !== undefined && { channel }),
  };
}

const toQuery = (fields: object): string =>
  new URLSearchParams(
    Object.entries(fields).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  ).toString();

/** Returns the address of this screen with other filters. An empty text takes one away. */
export const usageHref = (filter: UsageFilter, change: UsageFilter): string => {
  const query = toQuery({ ...filter, ...change });
  return query === "" ? "/usage" : `/usage?${query}`;
};

/** Returns the address of the runs behind numbers. Runs cannot be narrowed to a model or a provider. */
export function runsHref({ agent, user, channel }: UsageFilter, begin: number, end: number, status = ""): string {
  const [from, to] = [begin, end].map((time) => new Date(time).toISOString());
  return `/runs?${toQuery({ agent, user, channel, from, to, status })}`;
}
