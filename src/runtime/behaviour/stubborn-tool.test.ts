import { afterAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { toolRegistry } from "#features/builtin-tools/tool-registry.ts";
import { defineTool } from "#runtime/tools/define-tool.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import { toolResultsOf } from "#runtime/transcript/message-parts.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;

describe.each([...testDialects()])("a tool that ignores its signal on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, call, start, waitForEnd, eventsOf, transcriptOf } = gateway;
  afterAll(() => gateway.stop());

  test(
    "is abandoned when its run is cancelled, and its outcome is reported as unknown",
    async () => {
      const begun = Promise.withResolvers<void>();
      const stubborn = defineTool({
        name: "stubborn",
        group: "test",
        description: "Waits without end.",
        arguments: z.object({}),
        effect: () => "once",
        run: () => {
          begun.resolve();
          return new Promise<string>(() => {});
        },
      });
      // Safe: the registry is a `Map` whose type is only declared read-only.
      (gateway.gateway.services.use(toolRegistry) as Map<string, Tool>).set(stubborn.name, stubborn);
      model.enqueue({ text: "I wait. ", toolCalls: [{ name: "stubborn", arguments: {} }] });
      const { id, session_key } = (await start("wait")).body;
      await begun.promise;
      await call("POST", `/v1/runs/${id}/cancel`);

      expect((await waitForEnd(id)).status).toBe("cancelled");
      expect((await eventsOf(id)).at(-1)?.type).toBe("run.cancelled");
      const transcript = await transcriptOf(session_key);
      expect(transcript.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
      expect(transcript[1]?.parts[0]).toMatchObject({ type: "text", text: "I wait. " });
      const [result] = toolResultsOf(transcript[2]?.parts ?? []);
      expect(result).toMatchObject({ name: "stubborn", is_error: true });
      expect(result?.text).toContain("outcome unknown");
      const spans = gateway.gateway.database
        .forTenant(MASTER_TENANT_ID)
        .read.selectFrom("spans")
        .select(["name", "status"])
        .where("run_id", "=", id)
        .where("span_type", "=", "tool_call");
      while ((await spans.execute()).length === 0) await Bun.sleep(20);
      expect(await spans.execute()).toEqual([{ name: "stubborn", status: "abandoned" }]);
    },
    TIMEOUT,
  );
});
