import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { DENY_GROUPS } from "#processes/deny-groups.ts";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { newMark, untilGone, untilRunning } from "#testing/processes/marked-processes.ts";
import { createProcessSite } from "#testing/processes/process-fixture.ts";
import { type RunGateway, startRunGateway } from "#testing/run-fixture.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

const probe = await createProcessSite();
probe.remove();

/** Every kind of command is allowed, so that only the sandbox holds. */
const ALLOWED = { shell_deny_groups: Object.fromEntries(Object.keys(DENY_GROUPS).map((name) => [name, false])) };

/** Lets an agent run a command. Returns what the model reads about it. */
async function runAs({ model, call }: RunGateway, agent: string, command: string, tenantId?: string): Promise<string> {
  model.enqueue({ toolCalls: [{ name: "exec", arguments: { command } }] }, { text: "done" });
  const headers: Readonly<Record<string, string>> = tenantId === undefined ? {} : { "X-GoClaw-Tenant-Id": tenantId };
  await call("POST", `/v1/agents/${agent}/wake`, { message: "go" }, { headers });
  return model.requests.at(-1)?.messages.at(-1)?.text ?? "";
}

const isOffered = ({ model }: RunGateway): boolean =>
  model.requests
    .at(-1)
    ?.body.tools?.some(({ function: { name } }: { function: { name: string } }) => name === "exec") ?? false;

const askPort = (url: string) =>
  `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${new URL(url).port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'`;

describe.skipIf(!probe.isSandboxed).each([...testDialects()])(
  "commands of agents in a sandbox on %s",
  async (dialect) => {
    const gateway = await startRunGateway({ dialect, env: { GOCLAW_TOOLS_EXEC: "sandboxed" } }, ALLOWED);
    const { call, home, url } = gateway;
    afterAll(() => gateway.stop());
    const run = (command: string) => runAs(gateway, "scripted", command);

    test(
      "are for every tenant, and each sees its own files only",
      async () => {
        const { body: tenant } = await call(
          "POST",
          "/v1/tenants",
          { name: "Other", slug: "other" },
          { user: "system" },
        );
        const headers = { "X-GoClaw-Tenant-Id": tenant.id };
        const post = (path: string, body: object) => call("POST", path, body, { headers });
        const { model } = gateway;
        await post("/v1/providers", { name: "p", provider_type: "openai_compat", api_base: `${model.url}/v1` });
        await post("/v1/agents", { agent_key: "theirs", provider: "p", model: "m", ...ALLOWED });
        expect(await runAs(gateway, "theirs", "echo ours > notes; cat notes; id -u", tenant.id)).toBe("ours\n1000");
        expect(
          await run(`find ${home} -name notes; ls ${home}/workspace/*/*/*/notes ${home}/*.db 2>/dev/null; true`),
        ).toBe("(no output)");
      },
      TIMEOUT,
    );

    test(
      "share files with the agent's other tools",
      async () => {
        const { model } = gateway;
        const write = { name: "write_file", arguments: { path: "sub/a.txt", content: "written" } };
        model.enqueue({ toolCalls: [write] }, { text: "done" });
        await call("POST", "/v1/agents/scripted/wake", { message: "go" });
        expect(await run("cat sub/a.txt; echo ' more' >> sub/a.txt; mkdir made; echo x > made/b.txt")).toBe("written");
        model.enqueue({ toolCalls: [{ name: "read_file", arguments: { path: "sub/a.txt" } }] }, { text: "done" });
        await call("POST", "/v1/agents/scripted/wake", { message: "go" });
        expect(model.requests.at(-1)?.messages.at(-1)?.text).toContain("written more");
      },
      TIMEOUT,
    );

    test(
      "do not reach the gateway's secrets, its processes or its port",
      async () => {
        const token = join(home, "secrets", "gateway*");
        expect(await run(`cat ${token}; cat ../../../../secrets/*; cat /proc/*/environ | grep -a TOKEN`)).not.toContain(
          gateway.token,
        );
        expect(await run(askPort(url))).toContain("onnection refused");
        await run(`kill -9 ${process.pid} -1`);
        expect((await call("GET", "/health")).status).toBe(200);
      },
      TIMEOUT,
    );

    test(
      "have the network as soon as the agent's settings say so, and no longer",
      async () => {
        const set = (network_enabled: boolean) =>
          call("PUT", "/v1/agents/scripted", { sandbox_config: { network_enabled } });
        expect((await set(true)).status).toBe(200);
        expect(await run(askPort(url))).toContain("HTTP/1.1 ");
        await set(false);
        expect(await run(askPort(url))).toContain("onnection refused");
      },
      TIMEOUT,
    );
  },
);

describe.each([...testDialects()])("commands of agents without a sandbox on %s", (dialect) => {
  const start = (env: Readonly<Record<string, string>>) => startRunGateway({ dialect, env }, ALLOWED);

  test(
    "do not exist, unless the operator trusts the master tenant or requires a sandbox",
    async () => {
      for (const [exec, sandbox, offered] of [
        ["sandboxed", "auto", false],
        ["sandboxed", "off", false],
        ["off", "required", false],
        ["master", "off", true],
        ["sandboxed", "required", true],
      ] as const) {
        const gateway = await start({ GOCLAW_TOOLS_EXEC: exec, GOCLAW_SANDBOX_MODE: sandbox, PATH: "/nowhere" });
        await gateway.call("POST", "/v1/agents/scripted/wake", { message: "hi" });
        expect([exec, sandbox, isOffered(gateway)]).toEqual([exec, sandbox, offered]);
        await gateway.stop();
      }
    },
    TIMEOUT,
  );

  test(
    "do nothing where a sandbox is required, and the agent reads why",
    async () => {
      const gateway = await start({ GOCLAW_TOOLS_EXEC: "master", GOCLAW_SANDBOX_MODE: "required", PATH: "/nowhere" });
      expect(await runAs(gateway, "scripted", "echo ran")).toContain("may only run in a sandbox");
      await gateway.stop();
    },
    TIMEOUT,
  );
});

describe("a gateway that is killed", () => {
  test.each([
    ...(probe.isSandboxed
      ? ([
          ["in the sandbox", "auto", (mark: string) => `setsid sleep ${mark} & sleep ${mark} & sleep ${mark}`, 3],
        ] as const)
      : []),
    ["without a sandbox", "off", (mark: string) => `sleep ${mark} & (sleep ${mark}; true); true`, 2] as const,
  ])(
    "leaves no process of a command %s",
    async (_, mode, command, count) => {
      const model = await startModelServer();
      const env = { GOCLAW_TOOLS_EXEC: "master", GOCLAW_SANDBOX_MODE: mode };
      const site = await createServerSite("sqlite", { ...env, GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
      const server = await startReadyServer(site);
      await createAgent(site, { modelUrl: model.url, agent: "killed", settings: ALLOWED });
      const mark = newMark();
      model.enqueue({
        toolCalls: [{ name: "exec", arguments: { command: command(mark) } }],
      });
      await fetch(`${site.url}/v1/agents/killed/runs`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${site.token()}`,
          "X-GoClaw-User-Id": "ada",
          "Content-Type": "application/json",
        },
        body: JSON.stringify({ input: "go" }),
      });
      await untilRunning(mark, count);
      server.signal("SIGKILL");
      await server.exited;
      await untilGone(mark);
      await model.stop();
      await site.remove();
    },
    TIMEOUT,
  );
});
