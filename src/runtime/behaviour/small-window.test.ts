import { afterAll, describe, expect, test } from "bun:test";
import type { RecordedRequest } from "#testing/model-server.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;
const WORDS = "so many words ".repeat(100);

describe.each([...testDialects()])("a small window on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  /** Runs twelve turns with a context window of this many tokens. Returns the requests that the model received. */
  const talk = async (context_window: number) => {
    expect((await call("PUT", `/v1/agents/${AGENT}`, { context_window })).status).toBe(200);
    const session_key = `agent:${AGENT}:window-${context_window}`;
    model.script((request) => ({ text: isSummary(request) ? "They counted." : "I see.", usage: null }));
    const before = model.requests.length;
    for (let turn = 1; turn <= 12; turn++) {
      const message = `${turn}: ${WORDS}`;
      expect((await call("POST", `/v1/agents/${AGENT}/wake`, { message, session_key })).status).toBe(200);
    }
    return model.requests.slice(before);
  };

  test(
    "with room for a summary shows it in every later call",
    async () => {
      const requests = await talk(6_000);
      const first = requests.findIndex(isSummary);
      expect(first).toBeGreaterThan(0);
      for (const request of requests.slice(first).filter((sent) => !isSummary(sent))) {
        expect(request.messages[1]?.text).toStartWith("[Summary of the conversation so far]\nThey counted.");
      }
    },
    TIMEOUT,
  );

  test(
    "without room for a summary requests none",
    async () => {
      const requests = await talk(2_000);
      expect(requests.filter(isSummary)).toEqual([]);
      expect(
        requests
          .at(-1)
          ?.messages.map(({ text }) => text.slice(0, 24))
          .slice(1),
      ).toEqual(["[Earlier messages are le", `12: ${WORDS}`.slice(0, 24)]);
    },
    TIMEOUT,
  );
});
