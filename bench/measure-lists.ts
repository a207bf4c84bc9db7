import { type Compared, compare, type Effort, measureClosed } from "./measurements.ts";
import { LISTED_AGENTS, type Stage, type Target } from "./start-stage.ts";

const CLIENTS = 16;
const PATH = "/v1/agents";

/** Compares a list of agents with the same bytes from the bare proxy, which knows the whole answer in advance. */
export async function measureLists(stage: Stage, { rounds, seconds, warmUpSeconds }: Effort): Promise<Compared> {
  await teachAnswer(stage);
  const read = (target: Target, length: number) =>
    measureClosed(stage, target, { request: listRequest(target), clients: CLIENTS, seconds: length });
  for (const target of [stage.bare, stage.gateway]) await read(target, warmUpSeconds);
  return compare([stage.bare, stage.gateway], rounds, (target) => read(target, seconds));
}

const listRequest = ({ port, headers }: Target) => ({ port, headers, method: "GET" as const, path: PATH });

/** Gives the gateway's answer to the bare proxy. */
async function teachAnswer({ bare, gateway }: Stage): Promise<void> {
  const url = ({ port }: Target) => `http://127.0.0.1:${port}${PATH}`;
  const answer = await (await fetch(url(gateway), { headers: gateway.headers })).text();
  const { agents } = JSON.parse(answer) as { readonly agents: readonly unknown[] };
  if (agents.length !== LISTED_AGENTS) throw new Error(`the list has ${agents.length} agents`);
  await fetch(url(bare), { method: "PUT", body: answer });
}
