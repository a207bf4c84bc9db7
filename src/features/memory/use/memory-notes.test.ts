import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { RecordedRequest } from "#testing/model-server.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;
const WORDS = "so many words ".repeat(100);

interface Entry {
  readonly path: string;
  readonly content: string;
  readonly user_id?: string;
}

describe.each([...testDialects()])("what a summary adds to the memory on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let sessions = 0;
  let before = 0;
  beforeEach(async () => {
    before = model.requests.length;
    for (const { id } of (await call("GET", "/v1/memory?limit=200")).body.entries)
      await call("DELETE", `/v1/memory/${id}`);
  });

  /** Runs turns until the conversation was summarised. Returns what the summaries were asked. */
  const talk = async (settings: object, summary: string): Promise<readonly RecordedRequest[]> => {
    const agent = { context_window: 6_000, memory_config: {}, compaction_config: {}, ...settings };
    expect((await call("PUT", `/v1/agents/${AGENT}`, agent)).status).toBe(200);
    const session_key = `agent:${AGENT}:notes-${++sessions}`;
    model.script((request) => ({ text: isSummary(request) ? summary : "I see.", usage: null }));
    const asked = () => model.requests.slice(before).filter(isSummary);
    for (let turn = 1; asked().length === 0; turn++) {
      const message = `${turn}: ${WORDS}`;
      expect((await call("POST", `/v1/agents/${AGENT}/wake`, { message, session_key })).status).toBe(200);
    }
    return asked();
  };
  const entries = async (): Promise<readonly Entry[]> =>
    (await call("GET", "/v1/memory?include_content=true&limit=200")).body.entries;
  const lastSummary = () =>
    model.requests
      .findLast((request) => !isSummary(request))
      ?.messages[1]?.text.split("\n")
      .slice(1)
      .join("\n");

  test(
    "are its notes, which the conversation does not see",
    async () => {
      const said = "They counted.\n<remember>\nLan is allergic to peanuts.\n</remember>";
      const [request] = await talk({}, said);
      expect(request?.messages[0]?.text).toContain("<remember>");
      expect(await entries()).toMatchObject([
        { content: "Lan is allergic to peanuts.", path: expect.stringMatching(/^memory\/notes-[0-9a-f]{16}\.md$/) },
      ]);
      expect(lastSummary()).toBe("They counted.");
      const found = await call("POST", `/v1/agents/${AGENT}/memory/search`, { query: "peanuts" });
      expect(found.body.count).toBe(1);
    },
    TIMEOUT,
  );

  test(
    "belongs to the user of the conversation, or to all users where they share the memory",
    async () => {
      const said = "They counted. <remember>A note.</remember>";
      await talk({}, said);
      const [own] = await entries();
      expect(own?.user_id).toBeString();
      await call("DELETE", `/v1/memory/${(await call("GET", "/v1/memory")).body.entries[0].id}`);
      before = model.requests.length;
      await talk({ workspace_sharing: { share_memory: true } }, said);
      expect((await entries()).map(({ user_id }) => user_id)).toEqual([undefined]);
      await call("PUT", `/v1/agents/${AGENT}`, { workspace_sharing: {} });
    },
    TIMEOUT,
  );

  test.each([
    ["there is nothing to remember", {}, "They counted."],
    ["the notes are empty", {}, "They counted.<remember>  </remember>"],
    ["it is switched off", { compaction_config: { memoryFlush: { enabled: false } } }, "They counted."],
    ["the agent has no memory", { memory_config: { enabled: false } }, "They counted."],
  ])(
    "is nothing where %s",
    async (_, settings, said) => {
      await talk(settings, said);
      expect([await entries(), lastSummary()]).toEqual([[], "They counted."]);
    },
    TIMEOUT,
  );

  test(
    "comes from every summary of a conversation, also one that a user asks for",
    async () => {
      await talk({}, "They counted. <remember>First.</remember>");
      const key = `agent:${AGENT}:notes-${sessions}`;
      for (const note of ["Second.", "Third."]) {
        for (const message of ["one", "two"])
          await call("POST", `/v1/agents/${AGENT}/wake`, { message, session_key: key });
        model.enqueue({ text: `They talked. <remember>${note}</remember>` });
        const compacted = await call("POST", `/v1/sessions/${encodeURIComponent(key)}/compact`);
        expect(compacted.status).toBe(200);
      }
      expect((await entries()).map(({ content }) => content).toSorted()).toEqual(["First.", "Second.", "Third."]);
    },
    TIMEOUT,
  );

  test(
    "follows the words of the agent's settings, and may be cut off",
    async () => {
      const settings = { compaction_config: { memoryFlush: { prompt: "only the names of pets" } } };
      const [request] = await talk(settings, "They counted.\n<remember>Mio the cat");
      expect(request?.messages[0]?.text).toContain("only the names of pets");
      expect(await entries()).toMatchObject([{ content: "Mio the cat" }]);
      expect(lastSummary()).toBe("They counted.");
    },
    TIMEOUT,
  );
});
