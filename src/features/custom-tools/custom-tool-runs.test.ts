import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { processes } from "#core/platform.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const SECRET = "the-token-of-a-custom-tool";
const ARGUMENTS = { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["a"] };

describe.each([...testDialects()])("runs with custom tools on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, use, useOne } = gateway;
  afterAll(gateway.stop);
  const { isSandboxed } = gateway.gateway.services.use(processes);
  const workspace = gateway.workspaceOf(MASTER_TENANT_ID, await gateway.anAgent(AGENT));
  await gateway.anAgent("second");
  const create = async (name: string, command: string, fields: object = {}): Promise<string> => {
    const { status, body, text } = await call("POST", "/v1/tools/custom", { name, command, ...fields });
    if (status !== 201) throw new Error(text);
    return body.id;
  };
  const offered = async (agent = AGENT): Promise<readonly string[]> => {
    await use([], { agent });
    return gateway.model.requests.at(-1)?.body.tools.map((tool: { function: { name: string } }) => tool.function.name);
  };

  test("the next run has a new tool, and a changed or deleted one as it is then", async () => {
    const description = "Chào ai đó 🦊";
    const id = await create("greet", "echo hello {{.a}}", { description, parameters: ARGUMENTS });
    expect(await useOne("greet", { a: "đặng" })).toBe("hello đặng");
    const tools = gateway.model.requests.at(-1)?.body.tools;
    expect(tools.find((tool: { function: { name: string } }) => tool.function.name === "greet").function).toMatchObject(
      {
        description,
        parameters: ARGUMENTS,
      },
    );
    await call("PUT", `/v1/tools/custom/${id}`, { command: "echo bye {{.a}}" });
    expect(await useOne("greet", { a: "x" })).toBe("bye x");
    await call("PUT", `/v1/tools/custom/${id}`, { enabled: false });
    expect(await offered()).not.toContain("greet");
    await call("PUT", `/v1/tools/custom/${id}`, { enabled: true });
    expect(await offered()).toContain("greet");
    await call("DELETE", `/v1/tools/custom/${id}`);
    expect(await useOne("greet", { a: "x" })).toContain("There is no tool named greet");
  });

  test("no tool of the gateway can be replaced by a custom one", async () => {
    await call("POST", "/v1/agent-links", { source_agent: AGENT, target_agent: "second" });
    for (const name of await offered()) {
      expect([name, (await call("POST", "/v1/tools/custom", { name, command: "true" })).status]).toEqual([name, 409]);
    }
    await call("DELETE", `/v1/agent-links/${(await call("GET", "/v1/agent-links")).body.links[0].id}`);
  });

  test("an agent's own tool takes the place of the one of every agent", async () => {
    await create("who", "echo everyone", { effect: "read" });
    await create("who", "echo mine", { effect: "read", agent_id: AGENT });
    expect(await useOne("who", {})).toBe("mine");
    expect(await useOne("who", {}, { agent: "second" })).toBe("everyone");
  });

  test("policies name custom tools by their group", async () => {
    await create("grouped", "echo hi");
    await call("PUT", "/v1/agents/second", { tools_config: { deny: ["group:custom"] } });
    expect(await offered("second")).not.toContain("grouped");
    await call("PUT", "/v1/agents/second", { tools_config: { allow: ["group:custom"] } });
    expect(await offered("second")).toEqual(expect.arrayContaining(["grouped", "who"]));
    expect(await offered("second")).not.toContain("web_fetch");
    await call("PUT", "/v1/agents/second", { tools_config: {} });
  });

  test.each([
    ...["; touch X", "$(id)", "`id`", "a && b", "a | b", "x\ny", `'"`, "%0a", "*", "~", "-rf", "--output=X", "@file"],
    ...["{{.b}}", "🦊 đặng", "\\", "a'b\"c"],
  ])("the argument %j reaches the program as one word", async (a) => {
    if (!(await offered()).includes("argv")) {
      await create("argv", "printf [%s] before {{.a}} 'x{{.a}}y' after", { parameters: ARGUMENTS, effect: "read" });
    }
    expect(await useOne("argv", { a })).toBe(`[before][${a}][x${a}y][after]`);
  });

  test("arguments are fitted to the schema, and refused where they do not fit", async () => {
    await create("fit", "printf [%s] {{.a}} {{.b}}", { parameters: ARGUMENTS, effect: "read" });
    expect(await useOne("fit", { a: 5 })).toBe("[5][]");
    expect(await useOne("fit", { b: "x" })).toContain("The arguments do not fit");
    await create("undeclared", "echo {{.c}}", { effect: "read" });
    expect(await useOne("undeclared", {})).toBe("missing parameter: c");
  });

  test("variables reach the command and no text, and nothing else of the gateway's environment does", async () => {
    const command = "awk 'BEGIN { for (name in ENVIRON) print name; print ENVIRON[\"TOKEN\"] }'";
    await create("variables", command, { env: { TOKEN: SECRET }, effect: "read" });
    const shown = (await useOne("variables", {})).split("\n");
    expect(shown.at(-1)).toBe("[REDACTED]");
    expect(shown).toContain("TOKEN");
    expect(shown.filter((name) => /GOCLAW|DATABASE|KEY/.test(name))).toEqual([]);
    const { body } = await call("GET", "/v1/runs?limit=1");
    const events = await call("GET", `/v1/runs/${body.runs[0].id}/events`);
    expect(events.text).not.toContain(SECRET);
  });

  test("a command with secrets does not read what an agent planted in its workspace", async () => {
    await create("home", "sh -c 'echo $HOME'", { env: { TOKEN: SECRET }, effect: "read" });
    expect(await useOne("home", {})).toBe(isSandboxed ? "/tmp" : workspace);
  });

  test("the command starts in its directory of the workspace", async () => {
    mkdirSync(join(workspace, "data"), { recursive: true });
    writeFileSync(join(workspace, "data/x.txt"), "found");
    await create("inside", "cat x.txt", { working_dir: "data", effect: "read" });
    await create("outside", "cat x.txt", { working_dir: "../..", effect: "read" });
    expect(await useOne("inside", {})).toBe("found");
    expect(await useOne("outside", {})).toContain("inside the workspace");
  });

  test("failures say what happened", async () => {
    await create("code", "sh -c 'echo out; echo err >&2; exit 3'");
    await create("slow", "sleep 30", { timeout_seconds: 1 });
    await create("silent", "true");
    await create("missing", "no-such-program-anywhere");
    await create("denied", "rm -rf {{.a}}", { parameters: ARGUMENTS });
    expect(await useOne("code", {})).toBe("out\nSTDERR:\nerr\ncommand failed with exit code 3");
    expect(await useOne("slow", {})).toBe("command timed out after 1 s");
    expect(await useOne("silent", {})).toBe("(command completed with no output)");
    expect(await useOne("missing", {})).toMatch(/no-such-program-anywhere[\s\S]*exit code 127/);
    expect(await useOne("denied", { a: "x" })).toBe("command denied by safety policy (destructive_ops)");
  });

  test("a shell runs where it was asked for, and arguments are its data", async () => {
    await create("shelled", 'printf %s {{.a}} | tr a-z A-Z; echo " $HOME" > /dev/null', {
      shell: true,
      parameters: ARGUMENTS,
      effect: "read",
    });
    expect(await useOne("shelled", { a: "$(id); up" })).toBe("$(ID); UP");
  });
});
