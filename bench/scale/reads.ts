/** The reads that are measured, by what they do. `{…}` is replaced by a part of the history. */
export const READS: Readonly<Record<string, string>> = {
  "list of sessions": "/v1/sessions?limit=50",
  "search of sessions for a rare text": "/v1/sessions?limit=50&q=past-7777",
  "search of sessions for a frequent text": "/v1/sessions?limit=50&q=past",
  "search of sessions without a hit": "/v1/sessions?limit=50&q=nowhere",
  "list of traces": "/v1/traces",
  "traces of an agent": "/v1/traces?agent_id=past-3",
  "traces of a user": "/v1/traces?user_id=user-77",
  "failed traces": "/v1/traces?status=error",
  "traces of a rare tool": "/v1/traces?tool_name=rare_tool",
  "traces of a usual tool": "/v1/traces?tool_name=tool-7",
  "search of traces": "/v1/traces?q=recipe",
  "search without a hit": "/v1/traces?q=nowhere",
  "a trace with spans": "/v1/traces/{trace}",
  "usage today": "/v1/usage/summary?period=today",
  "usage of 30 days": "/v1/usage/summary?period=30d",
  "usage of 30 days of a user": "/v1/usage/summary?period=30d&user_id=user-77",
  "usage of 30 days by hour": "/v1/usage/timeseries?from={month}&to={now}&group_by=hour",
  "usage of 30 days by day": "/v1/usage/timeseries?from={month}&to={now}&group_by=day&tz=Asia/Kolkata",
  "breakdown by model": "/v1/usage/breakdown?from={month}&to={now}&group_by=model",
  "costs of all time": "/v1/costs/summary",
};

/** The length of the history. */
export const DAYS = 30;

/** Returns the path of a read. Times are those of the call, as a page in a browser sends them. */
export function pathOf(template: string, trace: string): string {
  const now = Date.now();
  return template
    .replace("{trace}", trace)
    .replace("{now}", new Date(now).toISOString())
    .replace("{month}", new Date(now - DAYS * 86_400_000).toISOString());
}
