import { afterAll, describe, expect, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { readResponseStream, textOfEvents, type WireResponseEvent } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;

describe.each([...testDialects()])("a background response whose gateway dies on %s", async (dialect) => {
  const model = await startModelServer();
  const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
  let server = await startReadyServer(site);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await Promise.all([model.stop(), site.remove()]);
  });
  const send = (method: string, path: string, body?: object) =>
    site.send(method, path, body, { "X-GoClaw-Events": "openai" });
  await createAgent(site, { modelUrl: model.url, agent: "doomed" });

  test(
    "completes for those who poll, and a reader who was in the middle goes on with the whole new text",
    async () => {
      model.enqueue({ text: ["half ", "an answer"], stallAfterChunks: 1 }, { text: "A whole answer." });
      const body = { model: "goclaw:doomed", input: "go", background: true, stream: true };
      const read: WireResponseEvent[] = [];
      for await (const event of readResponseStream(await send("POST", "/v1/responses", body))) {
        read.push(event);
        if (event.type === "response.output_text.delta") break;
      }
      const { id } = (read[0]?.response ?? {}) as { id?: string };
      server.signal("SIGKILL");
      await server.exited;
      server = await startReadyServer(site);

      const poll = async () => (await send("GET", `/v1/responses/${id}`)).json() as Promise<{ status: string }>;
      while (["queued", "in_progress"].includes((await poll()).status)) await Bun.sleep(50);
      expect(await poll()).toMatchObject({
        status: "completed",
        output: [{ type: "message", content: [{ text: "A whole answer." }] }],
      });
      const after = read.at(-1)?.sequence_number;
      const rest = await send("GET", `/v1/responses/${id}?stream=true&starting_after=${after}`);
      const events = await Array.fromAsync(readResponseStream(rest));
      expect(textOfEvents(read)).toBe("half ");
      expect(textOfEvents(events)).toBe("A whole answer.");
      expect(events.at(-1)?.type).toBe("response.completed");
      expect(events.every(({ sequence_number }) => Number(sequence_number) > Number(after))).toBe(true);
    },
    TIMEOUT,
  );
});
