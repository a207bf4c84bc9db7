import { afterAll, describe, expect, test } from "bun:test";
import { textOf } from "#runtime/transcript/message-parts.ts";
import type { RecordedRequest } from "#testing/model-server.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const TURNS = 200;
const WINDOW = 12_000;
const MAX_TOKENS = 1_000;
const FILLER = "lorem ipsum dolor sit amet ".repeat(18);

/** The model's token count: one token for four characters of the request. */
const tokensOf = ({ body }: RecordedRequest) =>
  Math.ceil((JSON.stringify(body.messages).length + JSON.stringify(body.tools ?? []).length) / 4);
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;

describe.each([...testDialects()])("a session of two hundred turns on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect }, { context_window: WINDOW, max_tokens: MAX_TOKENS });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const session_key = `agent:scripted:long-${dialect}`;

  test(
    "is summarised several times, keeps all messages, and each call begins like the one before it",
    async () => {
      let summaries = 0;
      model.script((request) => {
        const usage = { input: tokensOf(request), output: 100 };
        if (isSummary(request)) return { text: `Summary ${++summaries} of what was said.`, usage };
        const turn = Number(/^turn (\d+)/.exec(request.lastUserText)?.[1] ?? 0);
        const acts = turn % 10 === 0 && request.toolResults.length === 0;
        const toolCalls = [{ name: "write_file", arguments: { path: `t${turn}.txt`, content: "x" } }];
        return acts ? { toolCalls, usage } : { text: [`answer ${turn} `, FILLER], usage };
      });
      for (let turn = 1; turn <= TURNS; turn++) {
        const message = `turn ${turn} ${FILLER}`;
        const { status, body } = await call("POST", "/v1/agents/scripted/wake", { message, session_key });
        expect([status, body.content.slice(0, 12)]).toEqual([200, `answer ${turn} ${FILLER}`.slice(0, 12)]);
      }
      expect(summaries).toBeGreaterThanOrEqual(3);
      checkTranscript(await gateway.transcriptOf(session_key));
      checkCalls(model.requests);
      const { body: session } = await call("GET", `/v1/sessions/${encodeURIComponent(session_key)}`);
      expect(session).toMatchObject({ compactionCount: summaries, summary: `Summary ${summaries} of what was said.` });
    },
    TIMEOUT,
  );

  /** Checks that every message is still stored, in its order. */
  function checkTranscript(transcript: Awaited<ReturnType<typeof gateway.transcriptOf>>): void {
    const said = transcript.filter(({ role }) => role === "user").map(({ parts }) => textOf(parts));
    expect(said).toEqual(Array.from({ length: TURNS }, (_, index) => `turn ${index + 1} ${FILLER}`));
    expect(transcript.filter(({ role }) => role === "tool")).toHaveLength(TURNS / 10);
    expect(transcript).toHaveLength(2 * TURNS + 2 * (TURNS / 10));
  }

  function checkCalls(requests: readonly RecordedRequest[]): void {
    let before: readonly string[] = [];
    let summariesBefore = 0;
    let summaries = 0;
    for (const request of requests) {
      if (isSummary(request)) {
        summaries++;
        expect(tokensOf(request)).toBeLessThanOrEqual(WINDOW - MAX_TOKENS);
        continue;
      }
      const messages: readonly string[] = request.body.messages.map((message: unknown) => JSON.stringify(message));
      // The window has room for the longest answer.
      expect(tokensOf(request)).toBeLessThanOrEqual(WINDOW - MAX_TOKENS);
      if (summaries === summariesBefore) expect(messages.slice(0, before.length)).toEqual([...before]);
      else {
        expect(messages[0]).toBe(before[0] as string);
        expect(request.messages[1]?.text).toBe(
          `[Summary of the conversation so far]\nSummary ${summaries} of what was said.`,
        );
        expect(messages.length).toBeLessThan(before.length);
      }
      before = messages;
      summariesBefore = summaries;
    }
  }
});
