import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { runGoclaw } from "#testing/run-goclaw.ts";
import { createServerSite, type ServerSite, startReadyServer } from "#testing/server-process.ts";

const TIMEOUT = 120_000;
const directory = mkdtempSync(join(tmpdir(), "goclaw-backup-"));
afterAll(() => rmSync(directory, { recursive: true }));

const post = async ({ url, token }: ServerSite, path: string, body: object) => {
  const headers = { Authorization: `Bearer ${token()}`, "X-GoClaw-User-Id": "ada", "Content-Type": "application/json" };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
};
const get = async ({ url, token }: ServerSite, path: string) => {
  const headers = { Authorization: `Bearer ${token()}`, "X-GoClaw-User-Id": "ada" };
  const response = await fetch(url + path, { headers });
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  return { status: response.status, body: (await response.json()) as any };
};

test(
  "a backup of a gateway at work holds every acknowledged run, and a restored home serves them all",
  async () => {
    const model = await startModelServer({ kept: 10 });
    const env = { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` };
    const [site, copy] = [await createServerSite("sqlite", env), await createServerSite("sqlite", env)];
    try {
      const server = await startReadyServer(site);
      await createAgent(site, { modelUrl: model.url, agent: "busy" });
      model.script(() => ({ text: ["w", "ell"], chunkDelayMs: 5 }));
      const acknowledged: string[] = [];
      let isStopping = false;
      const work = async () => {
        while (!isStopping) {
          const response = await post(site, "/v1/agents/busy/runs", { input: "hello" });
          if (response.status === 202) acknowledged.push(((await response.json()) as { id: string }).id);
        }
      };
      const clients = Array.from({ length: 8 }, work);
      while (acknowledged.length < 100) await Bun.sleep(10);
      const expected = [...acknowledged];
      const file = join(directory, "busy.tar");
      const backup = await runGoclaw(site.home, ["backup", file]);
      expect(backup).toMatchObject({ exitCode: 0, stderr: "" });
      isStopping = true;
      await Promise.all(clients);
      server.signal("SIGTERM");
      await server.exited;
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(directory)).toEqual(["busy.tar"]);

      expect(await runGoclaw(copy.home, ["restore", file])).toMatchObject({ exitCode: 0, stderr: "" });
      const restored = await startReadyServer(copy);
      expect(copy.token()).toBe(site.token());
      for (const id of expected) {
        let run = await get(copy, `/v1/runs/${id}`);
        while (run.body.status === "queued" || run.body.status === "running") run = await get(copy, `/v1/runs/${id}`);
        expect([run.status, run.body.status, run.body.output]).toEqual([200, "completed", "well"]);
      }
      expect((await post(copy, "/v1/agents/busy/wake", { message: "hello" })).status).toBe(200);
      restored.signal("SIGTERM");
      await restored.exited;
    } finally {
      await model.stop();
      await site.remove();
      await copy.remove();
    }
  },
  TIMEOUT,
);

describe("a home", () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-backup-home-"));
  afterAll(() => rmSync(home, { recursive: true }));
  const goclaw = (args: readonly string[], path = home) => runGoclaw(path, args);
  const longPath = join("workspace", "t", "x".repeat(90), "Tập tin của tôi.txt");
  const file = join(directory, "home.tar");
  const visibleIn = (path: string) => readdirSync(path).filter((name) => !name.startsWith("."));
  const emptyHome = () => mkdtempSync(join(directory, "restored-"));

  test("is restored with all its files, private and unchanged, and without what links lead to", async () => {
    await goclaw(["migrate"]);
    mkdirSync(join(home, longPath, ".."), { recursive: true });
    writeFileSync(join(home, longPath), "đây", { mode: 0o640 });
    writeFileSync(join(home, "workspace", "empty"), "");
    writeFileSync(join(home, "media", "large"), Buffer.alloc(3_000_000, "m"));
    symlinkSync("/etc/hostname", join(home, "workspace", "link"));
    expect((await goclaw(["backup", file])).stdout).toContain("keep it safe");
    const target = emptyHome();
    expect(await goclaw(["restore", file], target)).toMatchObject({ exitCode: 0 });
    for (const path of [longPath, "workspace/empty", "media/large", "secrets/encryption-key", "node-id", "config.json"])
      expect([path, readFileSync(join(target, path)).equals(readFileSync(join(home, path)))]).toEqual([path, true]);
    expect(statSync(join(target, longPath)).mode & 0o777).toBe(0o640);
    expect(statSync(join(target, "secrets", "encryption-key")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(target, "workspace", "link"))).toBe(false);
  });

  test("that is not empty is kept, unless it may be moved aside", async () => {
    const target = emptyHome();
    writeFileSync(join(target, "mine"), "mine");
    const refused = await goclaw(["restore", file], target);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("--replace")]);
    expect(visibleIn(target)).toEqual(["mine"]);
    const { exitCode, stdout } = await goclaw(["restore", file, "--replace"], target);
    const kept = /What was there before is in (\S+)\.\n/.exec(stdout)?.[1] ?? "";
    expect([exitCode, readFileSync(join(kept, "mine"), "utf8")]).toEqual([0, "mine"]);
    expect(existsSync(join(target, "goclaw.db"))).toBe(true);
  });

  test("is not filled from a backup that is cut off or changed", async () => {
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    changed.write("changed", whole.indexOf("đây"));
    const escaping = Buffer.from(whole.toString("latin1").replaceAll("node-id", "../evil"), "latin1");
    for (const bytes of [whole.subarray(0, whole.length / 2), changed, escaping, Buffer.from("no archive")]) {
      const broken = join(directory, "broken.tar");
      writeFileSync(broken, bytes);
      const target = emptyHome();
      const refused = await goclaw(["restore", broken], target);
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("no whole backup")]);
      expect(visibleIn(target).filter((name) => !name.startsWith("lock.db"))).toEqual([]);
    }
  });

  test("of a running gateway is not restored over", async () => {
    const site = await createServerSite("sqlite");
    const server = await startReadyServer(site);
    const refused = await goclaw(["restore", file, "--replace"], site.home);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("Another gateway runs")]);
    server.signal("SIGTERM");
    await server.exited;
    await site.remove();
  });
});

test(
  "after a clean stop, goclaw.db alone is the database",
  async () => {
    const site = await createServerSite("sqlite");
    const server = await startReadyServer(site);
    expect((await post(site, "/v1/providers", { name: "kept", provider_type: "groq", api_key: "sk" })).status).toBe(
      201,
    );
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
    const alone = join(directory, "alone.db");
    copyFileSync(join(site.home, "goclaw.db"), alone);
    const database = new Database(alone);
    expect(database.query("select name from llm_providers where name = 'kept'").all()).toHaveLength(1);
    database.close();
    await site.remove();
  },
  TIMEOUT,
);
