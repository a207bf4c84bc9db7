import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const SHARING = "workspace_sharing";
const MISSING = /^There is no "diary.txt" in the workspace/;

describe.each([...testDialects()])("the files of an agent's users on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect, env: { GOCLAW_TOOLS_EXEC: "master" } });
  const { useOne, call } = gateway;
  afterAll(() => gateway.stop());
  const id = await gateway.anAgent(AGENT);
  const agentDirectory = join(gateway.home, "workspace", MASTER_TENANT_ID, id);
  /** The tenant's owner may use every agent for any user. */
  const as = (user: string) => async (name: string, input: object) => {
    gateway.model.enqueue({ toolCalls: [{ name, arguments: input }] }, { text: "done" });
    const body = { message: "go on", user_id: user };
    const answer = await call("POST", `/v1/agents/${AGENT}/wake`, body, OWNER);
    expect(answer.status).toBe(200);
    return gateway.model.requests.at(-1)?.toolResults[0] ?? "";
  };
  const share = (value: object) => call("PUT", `/v1/agents/${AGENT}`, { [SHARING]: value });

  test("are their own: no tool of another user's run reads or lists them", async () => {
    const [ada, bob] = [as("ada"), as("bob")];
    await ada("write_file", { path: "diary.txt", content: "secret" });
    expect(await ada("read_file", { path: "diary.txt" })).toContain("secret");
    expect(await bob("read_file", { path: "diary.txt" })).toMatch(MISSING);
    expect(await bob("list_files", {})).not.toContain("diary");
    expect(await bob("exec", { command: "cat diary.txt; true" })).not.toContain("secret");
    expect(await ada("exec", { command: "cat diary.txt" })).toContain("secret");
    expect(await useOne("read_file", { path: "diary.txt" })).toContain("secret");
  });

  test("are kept apart for ids that a file system would confuse, and never leave the agent's directory", async () => {
    const users = [
      "Ada",
      "ADA",
      "ａｄａ",
      "../ada",
      "..",
      ".",
      "a/b",
      "a-b",
      "con",
      "shared",
      "🙂",
      "🙃",
      "é".repeat(127),
    ];
    for (const user of users) {
      expect(await as(user)("read_file", { path: "diary.txt" })).toMatch(MISSING);
      await as(user)("write_file", { path: "diary.txt", content: `of ${user}` });
    }
    for (const user of users) {
      expect(await as(user)("read_file", { path: "diary.txt" })).toContain(`of ${user}`);
    }
    const names = readdirSync(agentDirectory);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(users.length + 2);
    expect(names.filter((name) => !/^[a-z0-9-]{1,80}$/.test(name))).toEqual([]);
    expect(existsSync(join(agentDirectory, "..", "diary.txt"))).toBe(false);
  });

  test("are shared by all users, or by those that the agent names", async () => {
    await share({ shared_users: ["eve", "kim"] });
    await as("eve")("write_file", { path: "plan.txt", content: "ours" });
    expect(await as("kim")("read_file", { path: "plan.txt" })).toContain("ours");
    expect(await as("lee")("read_file", { path: "plan.txt" })).toContain("There is no");
    expect(await as("group:1")("read_file", { path: "plan.txt" })).toContain("There is no");

    await share({ shared_group: true });
    expect(await as("group:1")("read_file", { path: "plan.txt" })).toContain("ours");
    expect(await as("kim")("read_file", { path: "plan.txt" })).toContain("There is no");

    await share({ shared_dm: true });
    expect(await as("lee")("read_file", { path: "plan.txt" })).toContain("ours");
    await share({});
    expect(await as("lee")("read_file", { path: "plan.txt" })).toContain("There is no");
  });
});
