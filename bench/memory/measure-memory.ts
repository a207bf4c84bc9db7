import { join } from "node:path";
import { chooseSpace } from "#features/memory/vectors/embedding-space.ts";
import { createPost } from "../create-post.ts";
import { cpuMs } from "../processes.ts";
import { startLoneGateway } from "../start-lone-gateway.ts";
import { quantile } from "../statistics.ts";
import { commonWord, fillMemory, rareWord } from "./fill-memory.ts";

/** Queries by what they ask. Each number gives another one, so that nothing is answered from memory. */
const QUERIES: Readonly<Record<string, (number: number) => string>> = {
  "a rare word": (number) => rareWord(number * 13),
  "a rare word and two common ones": (number) => `${rareWord(number * 17)} customer meeting`,
  "three common words": (number) =>
    [number, Math.floor(number / 10), Math.floor(number / 100) + 5].map(commonWord).join(" "),
  "a question": (number) => `what did the customer say about green tea in the ${rareWord(number * 29)} review`,
};

const REQUESTS = 200;
const WARM_UP = 20;
const MODEL = "bench";

/** Milliseconds of a search. */
export interface SearchTimes {
  readonly p50: number;
  readonly p95: number;
  /** User and system time of the gateway. */
  readonly cpu: number;
}

export interface MemoryFigures {
  readonly what: string;
  /** By words alone, without an embedding provider. */
  readonly words: SearchTimes;
  /** By words and meanings. The call of the embedding model is part of it. */
  readonly meanings: SearchTimes;
  /** The same queries again, whose vectors are known. */
  readonly again: SearchTimes;
  /** By words and meanings, through the eyes of one user. */
  readonly ofUser: SearchTimes;
}

/** Measures searches of one agent's memory. `command` starts the gateway. */
export async function measureMemory(
  command: readonly string[],
  documents: number,
  log: (line: string) => void,
): Promise<readonly MemoryFigures[]> {
  const gateway = await startLoneGateway(command, "memory");
  const { home, port, modelPort, headers } = gateway;
  const { agentId, providerId } = await makeAgent(port, headers, modelPort);
  await gateway.stop();
  const filledAt = performance.now();
  await fillMemory({ path: join(home, "goclaw.db"), agentId, space: spaceOf(providerId), documents });
  log(`stored ${documents} chunks in ${Math.round((performance.now() - filledAt) / 1_000)} s`);
  await gateway.start();

  const search = async (query: string, filter = "") => {
    const url = `http://127.0.0.1:${port}/v1/memory?agent_id=${agentId}&q=${encodeURIComponent(query)}${filter}`;
    const answer = await fetch(url, { headers });
    const { total } = (await answer.json()) as { readonly total: number };
    if (!answer.ok || total === 0) throw new Error(`${url} answered ${answer.status} with ${total} entries`);
  };
  const timesOf = async (toQuery: (number: number) => string, filter?: string): Promise<SearchTimes> => {
    const latencies: number[] = [];
    const cpuBefore = cpuMs(gateway.pid);
    for (let number = 0; number < REQUESTS; number++) {
      const sentAt = performance.now();
      await search(toQuery(number), filter);
      latencies.push(performance.now() - sentAt);
    }
    const cpu = (cpuMs(gateway.pid) - cpuBefore) / REQUESTS;
    return { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), cpu };
  };
  for (let number = 0; number < WARM_UP; number++) await search(`warm ${commonWord(number)} ${number}`);
  const withMeanings: Record<string, Omit<MemoryFigures, "what" | "words">> = {};
  for (const [what, toQuery] of Object.entries(QUERIES)) {
    const meanings = await timesOf(toQuery);
    const again = await timesOf(toQuery);
    withMeanings[what] = {
      meanings,
      again,
      ofUser: await timesOf((number) => `${toQuery(number)} now`, "&user_id=user-3"),
    };
    log(`${what}: ${JSON.stringify(withMeanings[what])}`);
  }
  await setEmbedding(port, headers, providerId, false);
  const figures: MemoryFigures[] = [];
  for (const [what, toQuery] of Object.entries(QUERIES)) {
    const known = withMeanings[what];
    if (known) figures.push({ what, words: await timesOf(toQuery), ...known });
  }
  await gateway.remove();
  return figures;
}

type Headers = Readonly<Record<string, string>>;

async function makeAgent(port: number, headers: Headers, modelPort: number) {
  const post = createPost(port, headers);
  const settings = { embedding: { enabled: true, model: MODEL } };
  const api_base = `http://127.0.0.1:${modelPort}/v1`;
  const facts = { name: "bench", provider_type: "openai_compat", api_base, api_key: "none", settings };
  const provider = await post("/providers", facts);
  const agent = await post("/agents", { agent_key: "memory", provider: "bench", model: MODEL });
  return { agentId: agent.id, providerId: provider.id };
}

async function setEmbedding(port: number, headers: Headers, providerId: string, enabled: boolean): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/providers/${providerId}`, {
    method: "PUT",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ settings: { embedding: { enabled, model: MODEL } } }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Returns the space that the gateway gives the vectors of the provider. */
function spaceOf(id: string): string {
  const open = () => {
    throw new Error("nobody embeds here");
  };
  const provider = { id, name: "bench", providerType: "openai_compat", isOffered: true, model: MODEL, open } as const;
  const memory = { embedding: { provider: "", model: "" }, isEnabled: true, vectorWeight: 1 };
  return chooseSpace({ memory: memory as never, provider: "bench" }, [provider as never])?.id ?? "";
}
