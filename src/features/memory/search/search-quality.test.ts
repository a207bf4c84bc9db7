import { afterAll, describe, expect, test } from "bun:test";
import { createMemoryCorpus } from "#features/memory/search/memory-corpus-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const BATCH = 25;
const { documents, questions } = createMemoryCorpus();
/** What each database answered to every question. */
const answers = new Map<string, readonly unknown[]>();

describe.each([...testDialects()])("searches over 300 documents in three languages on %s", async (dialect) => {
  const { call, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  await call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  for (let start = 0; start < documents.length; start += BATCH) {
    const batch = documents.slice(start, start + BATCH);
    await Promise.all(batch.map((document) => call("POST", "/v1/memory", { agent_id: "fox", ...document })));
  }
  const search = async (query: string) =>
    (await call("POST", "/v1/agents/fox/memory/search", { query, max_results: 6 })).body.results;
  const pathsOf = async (query: string) => (await search(query)).map(({ path }: { path: string }) => path);

  test("find the answer of nearly every question among the best six", async () => {
    expect([documents.length, questions.length]).toEqual([300, 60]);
    const found = await Promise.all(questions.map(({ query }) => search(query)));
    answers.set(dialect, found);
    const missed = questions.filter(
      ({ path }, index) => !found[index].some((one: { path: string }) => one.path === path),
    );
    expect(missed.length).toBeLessThanOrEqual(questions.length * 0.1);
  });

  test("give the same passages, scores and order on every database", () => {
    for (const other of answers.values()) expect(other).toEqual(answers.get(dialect) ?? []);
  });

  test.each([
    ["nguyen thi lan tra xanh", "vi/0-0.md"],
    ["NGUYỄN THỊ LAN", "vi/0-0.md"],
    ["Nguyễn Thị Lan dị ứng".normalize("NFD"), "vi/0-4.md"],
    ["soren allergies", "en/17-4.md"],
    ["montreal review Colin", "en/11-1.md"],
    ["parse invoice totals Marcus", "en/1-3.md"],
    ["retryFailedWebhooks olivia", "en/2-3.md"],
    ["ledger_sync colin", "en/11-3.md"],
    ["王小明过敏", "zh/0-4.md"],
    ["小明 绿茶", "zh/0-0.md"],
  ])("find %p without regard to case, marks and the spelling of identifiers", async (query, path) => {
    expect(await pathsOf(query)).toContain(path);
  });
});
