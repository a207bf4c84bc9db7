import { afterAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCliGateway } from "#testing/cli-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("commands on %s", async (dialect) => {
  const gateway = await startCliGateway({ dialect });
  const { goclaw, place } = gateway;
  afterAll(() => gateway.stop());
  const json = async (...args: readonly string[]) => JSON.parse((await goclaw([...args, "--json"])).stdout);

  test("agents are created, listed, changed, shown and deleted", async () => {
    const settings = ["--provider", "openai", "--model", "m", "--name", "Cáo nhỏ 🦊", "--set", "max_tokens=4000"];
    const created = await goclaw(["agents", "create", "fox", ...settings, "-q"]);
    expect(created).toEqual({ stdout: "fox\n", stderr: "", exitCode: 0 });
    const { id: _, ...agent } = await json("agents", "get", "fox");
    expect(agent).toMatchObject({ agent_key: "fox", display_name: "Cáo nhỏ 🦊", max_tokens: 4000, owner_id: "ada" });

    const changed = await goclaw(["agents", "update", "fox", "--set", 'tools_config={"profile":"coding"}']);
    expect(changed).toEqual({ stdout: "Changed the agent fox.\n", stderr: "", exitCode: 0 });
    expect((await json("agents", "get", "fox")).tools_config).toEqual({ profile: "coding" });
    expect((await goclaw(["agents", "get", "fox"])).stdout).toContain("display_name           Cáo nhỏ 🦊\n");

    const { stdout } = await goclaw(["agents", "list"]);
    expect(stdout).toMatch(/^KEY {6}NAME .*\n/);
    expect(stdout).toMatch(/\nfox {6}Cáo nhỏ 🦊 +openai +m +active +ada +(now|\d+s ago)\n/);
    expect((await goclaw(["agents", "list", "-q"])).stdout.split("\n")).toContain("fox");
    expect((await json("agents", "list")).agents).toHaveLength(3);

    expect((await goclaw(["agents", "delete", "fox"])).exitCode).toBe(0);
    expect((await goclaw(["agents", "list", "-q"])).stdout).not.toContain("fox");
  });

  test("a table is as wide as the terminal, whatever the width of its characters", async () => {
    const names = {
      "wide-1": "代理代理代理代理代理代理代理代理代理代理",
      "wide-2": "Nguyễn Thị Minh Khai của Sài Gòn 👩‍🚀👩‍🚀",
    };
    for (const [key, name] of Object.entries(names))
      await goclaw(["agents", "create", key, "--provider", "openai", "--model", "m", "--name", name]);
    const whole = await goclaw(["agents", "list"]);
    for (const name of Object.values(names)) expect(whole.stdout).toContain(name);
    const { stdout } = await goclaw(["agents", "list"], { env: { COLUMNS: "60" } });
    const lines = stdout.trimEnd().split("\n");
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(60);
    expect(lines.filter((line) => line.startsWith("wide-") && line.includes("…"))).toHaveLength(2);
    expect([lines[0]?.includes("OWNER"), whole.stdout.includes("OWNER")]).toEqual([false, true]);
    const status = lines.map((line) => Bun.stringWidth(line.slice(0, line.search(/active|STATUS/))));
    expect(new Set(status).size).toBe(1);
  });

  test("what could command the terminal is shown instead of obeyed", async () => {
    await gateway.call("PUT", "/v1/agents/openai", { frontmatter: "\u001b]0;owned\u0007 a\u009b31mb \u202egnp.exe" });
    const { stdout } = await goclaw(["agents", "get", "openai"]);
    expect(stdout).toContain("␛]0;owned␇ a<U+009B>31mb <U+202E>gnp.exe");
    const asJson = (await goclaw(["agents", "get", "openai", "--json"])).stdout;
    for (const character of ["\u001b", "\u0007", "\u009b", "\u202e"]) expect(asJson).not.toContain(character);
    expect(JSON.parse(asJson).frontmatter).toBe("\u001b]0;owned\u0007 a\u009b31mb \u202egnp.exe");
    await gateway.call("PUT", "/v1/agents/openai", { frontmatter: null });
  });

  test("a list says that there is more, beside its output", async () => {
    for (const text of ["one", "two", "three"]) await goclaw(["chat", "-a", "openai", text]);
    const page = await goclaw(["runs", "list", "--limit", "2"]);
    expect(page.stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(page.stderr).toBe("1–2 of 3. --limit and --offset show others.\n");
    expect((await goclaw(["runs", "list", "--limit", "2", "--offset", "2"])).stderr).toContain("3–3 of 3");
    expect((await goclaw(["runs", "list", "--limit", "2", "-q"])).stderr).toBe("");
    expect(await goclaw(["runs", "list", "--limit", "x"])).toMatchObject({ exitCode: 2 });
    expect((await goclaw(["runs", "list", "--status", "failed"])).stdout).toBe("There are no such runs.\n");
  });

  test("sessions are shown, named, begun anew and deleted", async () => {
    const run = await json("runs", "start", "openai", "Xin", "chào", "🦊");
    await gateway.waitForEnd(run.id);
    const key = run.session_key;
    const shown = (await goclaw(["sessions", "show", key])).stdout;
    expect(shown).toMatch(/^user · (now|\d+s ago)\nXin chào 🦊\n\nassistant · (now|\d+s ago)\necho: Xin chào 🦊\n\n$/);
    expect((await goclaw(["sessions", "rename", key, "Lời", "chào"])).stdout).toBe(
      "The session is called Lời chào now.\n",
    );
    expect((await goclaw(["sessions", "list", "--agent", "openai"])).stdout).toContain("Lời chào");
    expect((await goclaw(["sessions", "reset", key])).exitCode).toBe(0);
    expect((await json("sessions", "show", key)).messages).toEqual([]);
    expect((await goclaw(["sessions", "delete", key])).exitCode).toBe(0);
    expect((await goclaw(["sessions", "list", "-q"])).stdout).not.toContain(key);
  });

  test("providers are found by their names, and a key is read from a file", async () => {
    writeFileSync(join(place, "key.txt"), "sk-from-a-file\n");
    gateway.model.route("/models", ({ headers }) => ({
      status: headers.authorization === "Bearer sk-from-a-file" ? 200 : 401,
      body: { data: [{ id: "small" }, { id: "large" }] },
    }));
    const address = ["--base", `${gateway.model.url}/v1`];
    const args = ["providers", "create", "nha-cung-cap", "openai_compat", ...address, "--set", "api_key=@key.txt"];
    const created = await goclaw(args);
    expect(created).toMatchObject({ stderr: "", exitCode: 0 });
    expect(created.stdout).not.toContain("sk-from-a-file");
    expect((await goclaw(["providers", "models", "nha-cung-cap", "-q"])).stdout).toBe("small\nlarge\n");
    expect(await goclaw(["providers", "verify", "nha-cung-cap"])).toMatchObject({ stdout: "The provider works.\n" });
    gateway.model.enqueue({ status: 401 });
    const bad = await goclaw(["providers", "verify", "nha-cung-cap"]);
    expect(bad).toMatchObject({ stdout: "", stderr: expect.stringContaining("does not work"), exitCode: 1 });
    expect(await goclaw(["providers", "delete", "nha-cung-cap"])).toMatchObject({ exitCode: 0 });
    expect((await goclaw(["providers", "get", "nha-cung-cap"])).exitCode).toBe(1);
  });

  test("a key is shown once, works, and ends", async () => {
    const args = ["keys", "create", "ci", "--scopes", "read,write", "--expires", "30d", "--for", "ada", "-q"];
    const key = (await goclaw(args)).stdout.trim();
    expect((await goclaw(["agents", "list", "-q"], { env: { GOCLAW_TOKEN: key } })).exitCode).toBe(0);
    expect((await goclaw(["keys", "list"])).stdout).toMatch(/\nci +goclaw_\w{8}… +read, write +ada +active +in 30d/);
    expect((await goclaw(["keys", "revoke", "ci"])).stdout).toBe("Revoked the key.\n");
    expect((await goclaw(["agents", "list"], { env: { GOCLAW_TOKEN: key } })).exitCode).toBe(1);
    await goclaw(["keys", "create", "twin"]);
    await goclaw(["keys", "create", "twin"]);
    const unclear = await goclaw(["keys", "revoke", "twin"]);
    expect(unclear).toMatchObject({ stderr: expect.stringContaining("several are called twin"), exitCode: 2 });
    const odd = await goclaw(["keys", "create", "x", "--expires", "soon"]);
    expect(odd).toMatchObject({ stderr: "goclaw: soon: write a time span as 30d, 12h or 90m.\n", exitCode: 2 });
  });

  test("any operation is called by its name", async () => {
    const shared = await goclaw(["call", "agents.shares.set", '{"id":"openai"}', "--set", "user_id=binh"]);
    expect(shared.exitCode).toBe(0);
    const { stdout } = await goclaw(["call", "agents.shares.list", "-"], { input: '{"id":"openai"}' });
    expect(JSON.parse(stdout).shares.map((share: { readonly user_id: string }) => share.user_id)).toContain("binh");
    expect((await goclaw(["call", "gateway.metrics"])).stdout).toContain("# HELP ");
    expect((await goclaw(["call"])).stdout.split("\n")).toContain("agents.shares.set");
    const unknown = await goclaw(["call", "agents.lst"]);
    expect(unknown).toMatchObject({ stderr: expect.stringContaining("Did you mean agents.list?"), exitCode: 2 });
    expect(await goclaw(["call", "agents.get", "[1]"])).toMatchObject({ exitCode: 2 });
    const metrics = await gateway.onTerminal(["call", "gateway.metrics"]).exited;
    expect(metrics.stdout).toContain("# HELP ");
    const incomplete = { stdout: "", stderr: "goclaw: the field id is missing\n", exitCode: 1 };
    expect(await goclaw(["call", "agents.delete", "{}"])).toEqual(incomplete);
    expect(await goclaw(["agents", "delete", ".."])).toMatchObject({ stdout: "", exitCode: 1 });
  });
});
