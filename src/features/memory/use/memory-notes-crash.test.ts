import { describe, expect, test } from "bun:test";
import { countOpenRuns } from "#testing/crash/read-records.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type RecordedRequest, startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const AGENT = "forgetful";
const WORDS = "so many words ".repeat(100);
/** When the gateway dies after the answer with the notes, in milliseconds: before, between and after its writes. */
const DELAYS = [0, 4, 12, 40];
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;

describe.each([...testDialects()])("the notes of a summary on %s", (dialect) => {
  test(
    "are stored once, whenever the gateway dies",
    async () => {
      const model = await startModelServer();
      const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
      let server = await startReadyServer(site);
      const { call } = site;
      await createAgent(site, { modelUrl: model.url, agent: AGENT, settings: { context_window: 6_000 } });

      for (const [round, delay] of DELAYS.entries()) {
        const session_key = `agent:${AGENT}:round-${round}`;
        let hasDied = false;
        model.script((request) => {
          if (!isSummary(request)) return { text: "I see.", usage: null };
          if (!hasDied) {
            hasDied = true;
            setTimeout(() => server.signal("SIGKILL"), delay);
          }
          return { text: `They counted. <remember>Note ${round}.</remember>`, usage: null };
        });
        for (let turn = 1; !hasDied; turn++) {
          const message = `${turn}: ${WORDS}`;
          await call("POST", `/v1/agents/${AGENT}/wake`, { message, session_key }).catch(() => undefined);
        }
        await server.exited;
        server = await startReadyServer(site);
        while ((await countOpenRuns(site)) > 0) await Bun.sleep(20);
        // The run was interrupted, so the user asks again.
        await call("POST", `/v1/agents/${AGENT}/wake`, { message: WORDS, session_key });
        const { compactionCount } = await call("GET", `/v1/sessions/${encodeURIComponent(session_key)}`);
        const { entries } = await call("GET", "/v1/memory?include_content=true&limit=200");
        const notes = entries.filter(({ content }: { content: string }) => content === `Note ${round}.`);
        expect(compactionCount).toBeGreaterThan(0);
        expect(notes).toHaveLength(compactionCount);
      }
      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
      await Promise.all([site.remove(), model.stop()]);
    },
    TIMEOUT,
  );
});
