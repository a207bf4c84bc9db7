import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  createWriteStream,
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
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
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
  const chinesePath = join("workspace", `${"文件".repeat(30)}😀.txt`);
  const file = join(directory, "home.tar");
  const visibleIn = (path: string) => readdirSync(path).filter((name) => !name.startsWith("."));
  const emptyHome = () => mkdtempSync(join(directory, "restored-"));

  test("is restored with all its files, private and unchanged, and without what links lead to", async () => {
    await goclaw(["migrate"]);
    mkdirSync(join(home, longPath, ".."), { recursive: true });
    writeFileSync(join(home, longPath), "đây", { mode: 0o640 });
    writeFileSync(join(home, chinesePath), "你好", { mode: 0o400 });
    writeFileSync(join(home, "workspace", "empty"), "");
    writeFileSync(join(home, "media", "large"), Buffer.alloc(3_000_000, "m"));
    symlinkSync("/etc/hostname", join(home, "workspace", "link"));
    expect((await goclaw(["backup", file])).stdout).toContain("keep it safe");
    const target = emptyHome();
    expect(await goclaw(["restore", file], target)).toMatchObject({ exitCode: 0 });
    for (const path of [
      longPath,
      chinesePath,
      "workspace/empty",
      "media/large",
      "secrets/encryption-key",
      "node-id",
      "config.json",
    ])
      expect([path, readFileSync(join(target, path)).equals(readFileSync(join(home, path)))]).toEqual([path, true]);
    expect(statSync(join(target, longPath)).mode & 0o777).toBe(0o640);
    expect(statSync(join(target, chinesePath)).mode & 0o777).toBe(0o400);
    expect(statSync(join(target, "secrets", "encryption-key")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(target, "workspace", "link"))).toBe(false);
  });

  test("is in an archive that tar lists and extracts, with the checksums of its files", () => {
    const { status, stdout, stderr } = spawnSync("tar", ["-tf", file], { encoding: "utf8" });
    const listed = stdout.trimEnd().split("\n");
    expect([status, stderr, listed[0], listed.at(-1)]).toEqual([0, "", "goclaw.db", "SHA256SUMS"]);
    const plain = emptyHome();
    expect(spawnSync("tar", ["-xf", file, "-C", plain]).status).toBe(0);
    const lines = readFileSync(join(plain, "SHA256SUMS"), "utf8").trimEnd().split("\n");
    const paths = lines.map((line) => line.slice("  ".length + 64));
    expect(paths).toHaveLength(listed.length - 1);
    expect(paths).toEqual(expect.arrayContaining([longPath, chinesePath, "media/large"]));
    const sha256 = (path: string) => Bun.SHA256.hash(readFileSync(join(plain, path)), "hex");
    expect(lines).toEqual(paths.map((path) => `${sha256(path)}  ${path}`));
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

  const foreign: Record<string, (tar: Pack) => void> = {
    "a path that leads out": (tar) => tar.entry({ name: "workspace/../../evil" }, "evil"),
    "a path from the root": (tar) => tar.entry({ name: "/evil" }, "evil"),
    "a path that no backup has": (tar) => tar.entry({ name: "evil" }, "evil"),
    "a long path that leads out": (tar) => tar.entry({ name: "node-id", pax: { path: "../evil" } }, "evil"),
    "a link": (tar) => tar.entry({ name: "workspace", type: "symlink", linkname: "/etc" }),
    "a directory": (tar) => tar.entry({ name: "workspace", type: "directory" }),
    "no readable size": (tar) => tar.entry({ name: "node-id", pax: { size: "many" } }, "evil"),
    "a file behind the checksums": (tar) => {
      tar.entry({ name: "SHA256SUMS" }, "");
      tar.entry({ name: "node-id" }, "evil");
    },
    "no checksums": (tar) => tar.entry({ name: "node-id" }, "evil"),
  };
  test.each(Object.keys(foreign))("is not filled from an archive with %s", async (name) => {
    const tar = pack();
    foreign[name]?.(tar);
    tar.finalize();
    const target = emptyHome();
    await pipeline(tar, createWriteStream(join(target, ".foreign.tar")));
    const refused = await goclaw(["restore", join(target, ".foreign.tar")], target);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("no whole backup")]);
    expect(visibleIn(target).filter((path) => !path.startsWith("lock.db"))).toEqual([]);
    expect(existsSync(join(directory, "evil"))).toBe(false);
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
