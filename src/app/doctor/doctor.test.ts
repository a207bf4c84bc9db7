import { Database } from "bun:sqlite";
import { describe, expect, onTestFinished, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { aSite, aUsedSite, examine, start } from "#app/doctor/doctor-fixture.ts";
import { startModelServer } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe("the doctor", () => {
  test.each(["nothing", "home"])("says what to do if there is no home, and creates none: %p", async (name) => {
    const site = await aSite();
    const home = join(site.home, name);
    if (name === "home") mkdirSync(home);
    const { lines, exitCode } = await examine(site, { GOCLAW_HOME: home });
    expect(lines).toEqual([
      "✓ config     config.json and the environment are understood",
      `! home       there is none at ${home} yet`,
      "             → Start the gateway once: it makes what it needs.",
      "",
      "0 problems, 1 warning.",
    ]);
    expect(exitCode).toBe(0);
    expect(existsSync(home) ? readdirSync(home) : []).toEqual([]);
  });

  test.each([...testDialects()])(
    "reports no problem for a correct home on %s, with and without a running gateway",
    async (dialect) => {
      const site = await aUsedSite([], "", dialect);
      const name = dialect === "sqlite" ? "SQLite \\([\\d.]+ MiB\\)" : "Postgres";
      const [free, runs] = [`not running; 127.0.0.1:${site.port} is free for it`, "runs and answers on"];
      const whole = (gateway: unknown) => [
        "✓ config     config.json and the environment are understood",
        `✓ home       ${site.home}`,
        expect.stringMatching(/^[✓!] disk {7}[\d.]+ [GM]iB free for /),
        gateway,
        "✓ sandbox    switched off by sandbox.mode",
        expect.stringMatching(new RegExp(`^✓ database   ${name} answers and is up to date$`)),
        "✓ jobs       2 scheduled, none has failed",
        "✓ network    no provider or search engine with a name to resolve is set up",
        "✓ network    no proxy is set",
        "✓ providers  demo: the built-in demo model",
        "",
        "All is well.",
      ];
      const stopped = await examine(site);
      expect(stopped).toEqual({ lines: whole(`✓ gateway    ${free}`), exitCode: 0 });
      await start(site);
      const running = await examine(site);
      expect(running).toEqual({ lines: whole(`✓ gateway    ${runs} 127.0.0.1:${site.port}`), exitCode: 0 });
    },
    TIMEOUT,
  );

  test(
    "reports a port that another program uses, and a gateway that runs on another port",
    async () => {
      const site = await aUsedSite();
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void other.close());
      const { port } = other.address() as { port: number };
      const taken = await examine(site, { GOCLAW_PORT: String(port) });
      expect(taken.lines).toContain(`✗ gateway    not running, and 127.0.0.1:${port} is taken`);
      expect(taken.lines).toContain(
        `             → Stop what uses it, or choose another with GOCLAW_PORT=${port + 1}.`,
      );
      await start(site);
      const elsewhere = await examine(site, { GOCLAW_PORT: "1" });
      expect(elsewhere.lines).toContain("✗ gateway    a process holds this home, and nothing answers on 127.0.0.1:1");
      expect([taken.exitCode, elsewhere.exitCode]).toEqual([1, 1]);
    },
    TIMEOUT,
  );

  test(
    "reports an invalid configuration and unknown variables",
    async () => {
      const site = await aUsedSite();
      const typed = await examine(site, { GOCLAW_RUNS_TIMEOUT_SECOND: "5" });
      expect(typed.lines).toContainEqual(expect.stringMatching(/^! config {5}.*GOCLAW_RUNS_TIMEOUT_SECONDS/));
      expect([typed.exitCode, typed.lines.at(-1)]).toEqual([0, "0 problems, 1 warning."]);
      writeFileSync(join(site.home, "config.json"), "{ runs: { timeout_seconds: 0 } }");
      const wrong = await examine(site);
      expect(wrong.lines[0]).toBe("✗ config     it cannot be used");
      expect(wrong.lines[1]).toMatch(
        /→ runs\.timeout_seconds in .*config\.json must be a whole number of at least 1\.$/,
      );
      writeFileSync(join(site.home, "config.json"), "{");
      const broken = await examine(site);
      expect(broken.lines[1]).toMatch(/→ .*config\.json is not valid JSON5: .*; correct it there\.$/);
      expect([wrong.exitCode, broken.exitCode, broken.lines.at(-1)]).toEqual([1, 1, "1 problem, 0 warnings."]);
    },
    TIMEOUT,
  );

  test(
    "reports a database that does not answer or that a newer release made",
    async () => {
      const site = await aUsedSite();
      const away = await examine(site, { DATABASE_URL: "postgres://nobody:secret-word@127.0.0.1:1/none" });
      expect(away.lines).toContain("✗ database   it cannot be used");
      expect(away.lines.join("\n")).toContain("→ The gateway cannot use Postgres at 127.0.0.1:1/none (ECONNREFUSED): ");
      expect(away.lines.join("\n")).not.toContain("secret-word");
      const database = new Database(join(site.home, "goclaw.db"));
      database.run("insert into schema_migrations (name, applied_at) values ('9999-later', '2099-01-01T00:00:00Z')");
      database.close();
      const newer = await examine(site);
      expect(newer.lines.join("\n")).toContain("→ The database was made by a newer GoClaw");
      expect([away.exitCode, newer.exitCode]).toEqual([1, 1]);
    },
    TIMEOUT,
  );

  test(
    "tries each provider and reports whether it answers, is unreachable or is forbidden",
    async () => {
      const model = await startModelServer();
      onTestFinished(() => model.stop());
      const [here, gone] = [`127.0.0.1:${model.port}`, "127.0.0.1:1"];
      const providers = [
        { name: "here", api_base: `http://${here}/v1` },
        { name: "gone", api_base: `http://${gone}/v1` },
        { name: "llama", provider_type: "ollama", api_base: `http://${gone}` },
        { name: "cloud", provider_type: "vertex" },
        { name: "signed-in", provider_type: "chatgpt_oauth" },
        { name: "private", api_base: "http://10.1.2.3:8000/v1" },
        { name: "asleep", api_base: "http://10.1.2.3:8000/v1", enabled: false },
      ];
      const site = await aUsedSite(providers, `${here},${gone},10.1.2.3:8000`);
      const { lines, exitCode } = await examine(site, { GOCLAW_EGRESS_ALLOW_HOSTS: `${here},${gone}` });
      expect(lines.slice(9, -2).sort()).toEqual(
        [
          "✓ providers  demo: the built-in demo model",
          `✓ providers  here: ${here} answers`,
          `✗ providers  gone: http://${gone}/v1 cannot be reached (connect)`,
          "             → Check api_base, the firewall, and egress.proxy if this network needs a proxy.",
          `✗ providers  llama: http://${gone}/v1 cannot be reached (connect)`,
          "             → Check api_base, the firewall, and egress.proxy if this network needs a proxy.",
          "! providers  cloud: its configuration is incomplete, it needs settings.project_id and settings.region, or an api_base",
          "             → Change it with PUT /v1/providers/{id}, or switch it off.",
          "! providers  signed-in: it signs in with a ChatGPT account, which the gateway cannot do",
          "             → Change it with PUT /v1/providers/{id}, or switch it off.",
          "✗ providers  private: http://10.1.2.3:8000/v1 cannot be reached (blocked_address)",
          "             → If this private address is meant, allow it: GOCLAW_EGRESS_ALLOW_HOSTS=10.1.2.3:8000.",
        ].sort(),
      );
      expect([exitCode, lines.at(-1)]).toEqual([1, "3 problems, 2 warnings."]);
      expect(lines.join("\n")).not.toContain("sk-test");
      expect(model.requests).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "reports that providers of other types may not use the Ollama of this machine",
    async () => {
      const place = "localhost:11434";
      const site = await aUsedSite([{ name: "compat", api_base: `http://${place}/v1` }], place);
      expect((await examine(site, { GOCLAW_EGRESS_ALLOW_HOSTS: place })).lines.join("\n")).not.toContain("blocked");
      const { lines } = await examine(site);
      expect(lines).toContain(`✗ providers  compat: http://${place}/v1 cannot be reached (blocked_address)`);
    },
    TIMEOUT,
  );

  test(
    "accepts the address of an Ollama on this machine, running or not",
    async () => {
      const bases = [undefined, "http://localhost:11434", "http://127.0.0.1:11434", "http://[::1]:11434"];
      const providers = bases.map((api_base, index) => ({ name: `o${index}`, provider_type: "ollama", api_base }));
      const { lines } = await examine(await aUsedSite(providers));
      const found = lines.filter((line) => /^. providers {2}o\d/.test(line));
      expect(found).toHaveLength(bases.length);
      for (const line of found) expect(line).toMatch(/11434 answers$|11434\/v1 cannot be reached \(connect\)$/);
    },
    TIMEOUT,
  );

  test(
    "reports an API key that cannot be decrypted",
    async () => {
      const site = await aUsedSite([{ name: "sealed", api_base: "https://8.8.8.8/v1" }]);
      writeFileSync(join(site.home, "secrets", "encryption-key"), "f".repeat(64));
      const { lines, exitCode } = await examine(site);
      expect(lines).toContain("✗ providers  sealed: its API key cannot be decrypted");
      expect(lines.join("\n")).toContain("→ Put back the encryption key that it was stored with");
      expect([exitCode, lines.at(-1)]).toEqual([1, "1 problem, 0 warnings."]);
    },
    TIMEOUT,
  );
});
