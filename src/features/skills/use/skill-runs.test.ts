import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aSkillZip, type SkillText, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a run with skills on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect, env: { GOCLAW_TOOLS_EXEC: "master" } });
  const { call, model, home, useOne } = gateway;
  afterAll(gateway.stop);
  await gateway.anAgent(AGENT);
  const upload = async (text: SkillText, files: Record<string, string> = {}, options = {}): Promise<string> =>
    (await call("POST", "/v1/skills/upload", toUpload(aSkillZip(text, files)), options)).body.id;
  const grant = (id: string, body = {}, agent_id = AGENT) =>
    call("POST", `/v1/skills/${id}/grants/agent`, { agent_id, ...body });
  const folderOf = (slug: string, version = 1) => join(home, "skills", MASTER_TENANT_ID, slug, String(version));
  const systemText = () => model.requests.at(-1)?.messages[0]?.text ?? "";
  const offered = (): readonly string[] =>
    (model.requests.at(-1)?.body.tools ?? []).map((tool: { function: { name: string } }) => tool.function.name);
  /** Returns the system prompt of a run with this message. */
  async function promptOf(message = "hello", options = {}) {
    model.enqueue({ text: "done" });
    await call("POST", `/v1/agents/${AGENT}/wake`, { message, ...options });
    return systemText();
  }

  test("the prompt lists it, use_skill loads it, and its files are read, listed and run, but never written", async () => {
    const description = `Tells the weather. ${"Very long. ".repeat(30)}`;
    const body = "Read {baseDir}/references/cities.md, then run `sh {baseDir}/scripts/ask.sh`.";
    const files = { "references/cities.md": "Hà Nội\nSài Gòn\n", "scripts/ask.sh": "echo sunny in $1\n" };
    const id = await upload({ name: "weather", description, body }, files);
    expect(await promptOf()).not.toContain("- weather:");
    await grant(id);
    const listed = /^- weather: (.*)$/m.exec(await promptOf())?.[1] ?? "";
    expect(listed).toStartWith("Tells the weather.");
    expect(listed.length).toBeLessThanOrEqual(201);

    const folder = folderOf("weather");
    const loaded = await useOne("use_skill", { name: "weather" });
    expect(loaded).toContain(`Read ${folder}/references/cities.md, then run \`sh ${folder}/scripts/ask.sh\`.`);
    for (const file of Object.keys(files)) expect(loaded).toContain(`- ${file}`);
    expect(loaded).not.toContain("description:");
    expect(await useOne("read_file", { path: `${folder}/references/cities.md` })).toBe("Hà Nội\nSài Gòn");
    expect(await useOne("list_files", { path: folder })).toContain("scripts/");
    expect(await useOne("exec", { command: `sh ${folder}/scripts/ask.sh Huế` })).toBe("sunny in Huế");
    expect(await useOne("write_file", { path: `${folder}/evil.md`, content: "x" })).toContain("Cannot use");
    expect(await useOne("edit", { path: `${folder}/SKILL.md`, old_string: "Read", new_string: "x" })).toContain(
      "Cannot use",
    );
  });

  test("files outside the agent's skills stay out of reach", async () => {
    const id = await upload({ name: "secretive" }, { "a.md": "secret" });
    const paths = [`${folderOf("secretive")}/a.md`, `${home}/config.json`, "/etc/passwd"];
    for (const path of paths) expect(await useOne("read_file", { path })).toContain("Cannot use");
    await grant(id);
    const [first] = paths;
    expect(await useOne("read_file", { path: first })).toBe("secret");
    for (const path of [`${folderOf("secretive")}/../../../../config.json`, `${folderOf("secretive")}/../1x/a.md`]) {
      expect(await useOne("read_file", { path })).not.toContain("secret\n");
      expect(await useOne("read_file", { path })).toMatch(/Cannot use|There is no/);
    }
  });

  test("the gateway's own skills work from the first minute, until the tenant switches them off", async () => {
    expect(await promptOf()).toContain("- research-report:");
    const loaded = await useOne("use_skill", { name: "/Research-Report" });
    const path = /(\/\S+)\/references\/outline\.md/.exec(loaded)?.[0] ?? "";
    expect(await useOne("read_file", { path })).toStartWith("# The outline of a report");
    await call("POST", "/v1/skills/research-report/toggle", { enabled: false });
    expect(await promptOf()).not.toContain("- research-report:");
    expect(await useOne("use_skill", { name: "research-report" })).toContain("You have no skill");
    await call("POST", "/v1/skills/research-report/toggle", { enabled: true });
    expect(await promptOf()).toContain("- research-report:");
  });

  test("a message that begins with a slash uses the skill of that name", async () => {
    const id = await upload({ name: "小说拆条", body: "Split {baseDir} into parts." });
    await grant(id);
    const { slug } = (await call("GET", `/v1/skills/${id}`)).body;
    for (const message of [`/${slug} chapter one`, "/小说拆条 chapter one", `  /${slug}`]) {
      const prompt = await promptOf(message);
      expect(prompt).toContain(`Split ${folderOf(slug)} into parts.`);
      expect(model.requests.at(-1)?.messages.at(-1)?.text).toBe(message);
    }
    for (const message of ["chapter one", `see /${slug}`, `/${slug}x`, "/nothing here", "/"]) {
      expect(await promptOf(message)).not.toContain("Split");
    }
  });

  test("a grant that is taken away in the middle of a run takes effect at once", async () => {
    const id = await upload({ name: "fleeting", body: "Do it." }, { "a.md": "text" });
    await grant(id);
    const path = `${folderOf("fleeting")}/a.md`;
    model.enqueue({ toolCalls: [{ name: "use_skill", arguments: { name: "fleeting" } }] });
    const revoke = async () => {
      await call("DELETE", `/v1/skills/${id}/grants/agent/${AGENT}`);
    };
    model.enqueue(async () => {
      await revoke();
      const later = ["use_skill", "read_file"].map((name) => ({ name, arguments: { name: "fleeting", path } }));
      return { toolCalls: later };
    });
    model.enqueue({ text: "done" });
    await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go", user_id: "bob" });
    const [first, second] = model.requests.slice(-2).map(({ toolResults }) => toolResults);
    expect(first?.[0]).toContain("Do it.");
    expect(second?.map((text) => /You have no skill|Cannot use/.exec(text)?.[0])).toEqual([
      ...["You have no skill", "Cannot use"],
    ]);
    // A skill without grants is private, so only its owner has it.
    expect(await promptOf("hello", { user_id: "bob" })).not.toContain("- fleeting:");
  });

  test("a new version is used by the next run, and a pinned one stays", async () => {
    const id = await upload({ name: "moving", description: "First", body: "Version one" });
    await grant(id);
    expect(await useOne("use_skill", { name: "moving" })).toContain("Version one");
    await upload({ name: "moving", description: "Second", body: "Version two" });
    expect(await promptOf()).toContain("- moving: Second");
    expect(await useOne("use_skill", { name: "moving" })).toContain("Version two");
    await grant(id, { version: 1 });
    expect(await promptOf()).toContain("- moving: First");
    expect(await useOne("use_skill", { name: "moving" })).toContain("Version one");
  });

  test("who may use a skill follows its visibility, its grants and its state", async () => {
    const id = await upload({ name: "visible" });
    const isListed = async (user_id: string) => (await promptOf("hello", { user_id })).includes("- visible:");
    const set = (visibility: string) => call("PUT", `/v1/skills/${id}`, { visibility });
    expect(await isListed("bob")).toBe(false);
    await set("public");
    expect(await isListed("bob")).toBe(true);
    await set("private");
    expect([await isListed("bob"), await isListed("ada")]).toEqual([false, true]);
    await call("POST", `/v1/skills/${id}/grants/user`, { user_id: "bob" });
    expect([await isListed("bob"), await isListed("eve")]).toEqual([true, false]);
    await call("POST", `/v1/skills/${id}/toggle`, { enabled: false });
    expect(await isListed("bob")).toBe(false);
    await call("POST", `/v1/skills/${id}/toggle`, { enabled: true });
    await call("DELETE", `/v1/skills/${id}/grants/user/bob`);
    expect(await isListed("bob")).toBe(false);
    await set("public");
    await call("DELETE", `/v1/skills/${id}`);
    expect(await isListed("ada")).toBe(false);
  });

  test("another tenant's skills are neither listed nor loaded nor read", async () => {
    await aTenant(gateway, "other");
    const other = await aKey(gateway, ["admin"], { tenant: "other" });
    const id = await upload({ name: "foreign", body: "Foreign" }, {}, other);
    await call("PUT", `/v1/skills/${id}`, { visibility: "public" }, other);
    expect(await promptOf()).not.toContain("foreign");
    expect(await useOne("use_skill", { name: "foreign" })).toContain("You have no skill");
    const { baseDir } = (await call("GET", "/v1/skills/foreign", undefined, other)).body;
    expect(await useOne("read_file", { path: `${baseDir}/SKILL.md` })).toContain("Cannot use");
    await gateway.anAgent(AGENT, other);
    expect(await useOne("use_skill", { name: "foreign" }, { caller: other })).toContain("Foreign");
  });

  test("a skill gives no agent a tool, and an agent without use_skill has no list", async () => {
    const more = "allowed-tools: exec, datetime, everything\n";
    await grant(await upload({ name: "greedy", more }));
    await call("PUT", `/v1/agents/${AGENT}`, { tools_config: { deny: ["exec"] } });
    await promptOf("/greedy now");
    expect(offered()).not.toContain("exec");
    expect(await useOne("exec", { command: "echo hi" })).not.toBe("hi");
    await call("PUT", `/v1/agents/${AGENT}`, { tools_config: { deny: ["use_skill"] } });
    expect(await promptOf("/greedy now")).not.toContain("skill");
    await call("PUT", `/v1/agents/${AGENT}`, { tools_config: { profile: "coding" } });
    expect(await promptOf()).toContain("- greedy:");
    await call("PUT", `/v1/agents/${AGENT}`, { tools_config: {} });
  });
});
