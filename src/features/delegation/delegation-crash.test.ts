import { afterAll, describe, expect, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelReply, startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly output?: string;
  readonly records: readonly { readonly status: string; readonly run_id: string }[];
  readonly runs: readonly { readonly kind: string; readonly status: string }[];
  readonly messages: readonly { readonly role: string }[];
}

describe.each([...testDialects()])("a task that is out when the gateway dies, on %s", async (dialect) => {
  const model = await startModelServer();
  const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
  let server = await startReadyServer(site);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await Promise.all([model.stop(), site.remove()]);
  });
  const call = (method: string, path: string, body?: object): Promise<Answer> => site.call(method, path, body);
  for (const agent of ["boss", "aide"]) await createAgent(site, { modelUrl: model.url, agent });
  await call("POST", "/v1/agent-links", { source_agent: "boss", target_agent: "aide" });

  test.each(["sync", "async"])(
    "with the mode %s is done once, and its result arrives once",
    async (mode) => {
      const isOut = Promise.withResolvers<void>();
      const never = new Promise<never>(() => {});
      let isDead = false;
      model.script(({ messages }): ModelReply => {
        const last = messages.at(-1)?.text ?? "";
        const delegate = { name: "delegate", arguments: { agent_key: "aide", task: `count ${mode}`, mode } };
        if (last.includes(`begin ${mode}`)) return { toolCalls: [delegate] };
        if (last.includes("seventeen")) return { text: `told ${mode}` };
        if (last.includes("accepted")) return { text: "I asked." };
        isOut.resolve();
        return isDead ? { text: "seventeen" } : { text: "seven", hold: never };
      });
      const session_key = `agent:boss:${mode}`;
      const path = encodeURIComponent(session_key);
      const { id } = await call("POST", "/v1/agents/boss/runs", { input: `begin ${mode}`, session_key });
      await isOut.promise;
      server.signal("SIGKILL");
      await server.exited;
      isDead = true;
      server = await startReadyServer(site);

      const history = () => call("GET", `/v1/sessions/${path}/messages`).then(({ messages }) => messages);
      while (!JSON.stringify(await history()).includes(`told ${mode}`)) await Bun.sleep(50);
      const open = () => call("GET", `/v1/runs?session_key=${path}`).then(({ runs }) => runs);
      while ((await open()).some(({ status }) => status !== "completed")) await Bun.sleep(50);
      const { records } = await call("GET", `/v1/delegations?agent_id=aide&mode=${mode}`);
      expect(records).toMatchObject([{ status: "completed", result: "seventeen", parent_run_id: id }]);
      const told = (await history()).filter((message) => JSON.stringify(message).includes("seventeen"));
      expect(told.map(({ role }) => role)).toEqual([mode === "sync" ? "tool" : "user"]);
    },
    TIMEOUT,
  );
});
