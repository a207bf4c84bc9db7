import { describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { scriptEmbeddings } from "#testing/model-server/embeddings.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
/** The call of the provider during which the gateway dies. */
const FATAL_CALL = 3;
const AGENT = "default";

describe.each([...testDialects()])("an index of vectors on %s", (dialect) => {
  test(
    "is complete after the death of its gateway, and no chunk was embedded without need",
    async () => {
      const model = await startModelServer();
      const embeddings = scriptEmbeddings([["cat", "feline"]]);
      model.route("/embeddings", embeddings.answer);
      const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
      const { call } = site;
      const documentAt = (path: string) => call("GET", `/v1/agents/${AGENT}/memory/documents/${path}`);
      const first = await startReadyServer(site);
      embeddings.fail = () => {
        if (embeddings.requests.length === FATAL_CALL) first.signal("SIGKILL");
        return undefined;
      };
      for (const name of ["one", "two"]) {
        const lines = Array.from(
          { length: 300 },
          (_, line) => `${name} ${line}: ${"words of a long story ".repeat(20)}\n`,
        );
        await call("PUT", `/v1/agents/${AGENT}/memory/documents/${name}.md`, { content: lines.join("\n") });
      }
      await call("POST", "/v1/providers", {
        name: "vectors",
        provider_type: "openai_compat",
        api_base: `${model.url}/v1`,
        api_key: "sk-test",
        settings: { embedding: { enabled: true, model: "small" } },
      });
      await first.exited;
      expect(embeddings.requests).toHaveLength(FATAL_CALL);

      const second = await startReadyServer(site);
      for (const path of ["one.md", "two.md"]) {
        let document = await documentAt(path);
        while (document.embedded_count < document.chunk_count) {
          await Bun.sleep(20);
          document = await documentAt(path);
        }
        expect(document.embedded_count).toBe(document.chunk_count);
        expect(document.chunk_count).toBeGreaterThan(2 * LIMITS.memoryVectorBatch);
      }
      const texts = embeddings.requests.flat();
      const repeated = texts.length - new Set(texts).size;
      // The vectors of the fatal call may be stored or not. All before it are.
      expect(repeated).toBeLessThanOrEqual(LIMITS.memoryVectorBatch);
      second.signal("SIGTERM");
      expect(await second.exited).toBe(0);
      await Promise.all([site.remove(), model.stop()]);
    },
    TIMEOUT,
  );
});
