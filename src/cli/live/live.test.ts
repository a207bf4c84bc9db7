import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { runGoclaw, startGoclaw } from "#testing/run-goclaw.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";

let site: ServerSite;
let server: ServerProcess;

beforeAll(async () => {
  site = await createServerSite("sqlite", { GOCLAW_LOG_LEVEL: "info" });
  server = await startReadyServer(site);
});

afterAll(async () => {
  server.signal("SIGKILL");
  await server.exited;
  await site.remove();
});

const variables = () => ({ GOCLAW_PORT: String(site.port) });
const start = (...args: readonly string[]) => startGoclaw(site.home, args, variables());
const goclaw = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runGoclaw(site.home, args, { ...variables(), ...env });

describe("goclaw events", () => {
  test("shows what happens as it happens, until Ctrl-C", async () => {
    const all = start("events");
    const some = start("events", "--json", "--type", "agent");
    // A change that comes before the stream begins is not seen, so changes are made until one is.
    const changes = setInterval(() => {
      site.send("PUT", "/v1/agents/default", { display_name: `Cáo ${Date.now()}` }, { "X-GoClaw-User-Id": "system" });
    }, 50);
    await Promise.all([all.until("agent.updated"), some.until("agent.updated")]);
    clearInterval(changes);
    for (const running of [all, some]) running.signal("SIGINT");
    const [{ stdout, exitCode }, { stdout: lines }] = await Promise.all([all.exited, some.exited]);
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}agent\.updated {2}[\w-]{36} /m);
    for (const line of lines.trimEnd().split("\n")) expect(JSON.parse(line).type).toBe("agent.updated");
  });

  test("says at once what is refused", async () => {
    expect(await goclaw(["events"], { GOCLAW_TOKEN: "wrong" })).toMatchObject({ stdout: "", exitCode: 1 });
  });
});

describe("goclaw logs", () => {
  test("shows the latest lines and ends", async () => {
    await site.call("GET", "/v1/agents/none");
    const { stdout, stderr, exitCode } = await goclaw(["logs"]);
    expect([stderr, exitCode]).toEqual(["", 0]);
    expect(stdout).toMatch(/^\d{4}-\S+Z info {2}request .*operation=agents\.get .*status=404/m);
    const json = (await goclaw(["logs", "--json"])).stdout.trimEnd().split("\n");
    const entries = json.map((line) => JSON.parse(line));
    expect(entries).toContainEqual(expect.objectContaining({ level: "info", message: "request" }));
    expect((await goclaw(["logs", "--level", "error"])).stdout).toBe("");
  });

  test("follows, until Ctrl-C", async () => {
    const running = start("logs", "--follow");
    await running.until("operation=gateway.health");
    await site.call("GET", "/v1/providers");
    await running.until("operation=providers.list");
    running.signal("SIGINT");
    expect((await running.exited).exitCode).toBe(130);
  });

  test("is for administrators", async () => {
    const key = (await goclaw(["keys", "create", "reader", "-q"])).stdout.trim();
    const { stdout, stderr, exitCode } = await goclaw(["logs"], { GOCLAW_TOKEN: key });
    expect([stdout, stderr.startsWith("goclaw: "), exitCode]).toEqual(["", true, 1]);
    expect(await goclaw(["logs"], { GOCLAW_TOKEN: "wrong" })).toMatchObject({ stdout: "", exitCode: 1 });
  });
});
