import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCliGateway } from "#testing/cli-fixture.ts";
import { runGoclaw } from "#testing/run-goclaw.ts";

const gateway = await startCliGateway();
const { goclaw } = gateway;
const home = mkdtempSync(join(tmpdir(), "goclaw-cli-"));
afterAll(async () => {
  await gateway.stop();
  rmSync(home, { recursive: true });
});

test("a gateway that does not run is told with what to do, and nothing is created", async () => {
  for (const args of [["agents", "list"], ["chat", "hi"], ["events"], ["logs", "--follow"], ["runs", "follow", "x"]]) {
    const { stdout, stderr, exitCode } = await runGoclaw(home, args, { GOCLAW_PORT: "1" });
    expect({ args, stdout, exitCode }).toEqual({ args, stdout: "", exitCode: 3 });
    expect(stderr).toStartWith("goclaw: http://127.0.0.1:1 cannot be reached: nothing listens there\n");
    expect(stderr).toContain("goclaw serve");
  }
  expect(existsSync(join(home, "secrets"))).toBe(false);
});

test("a refusal has its reason, what to do, and the id under which the log says more", async () => {
  const { stdout, stderr, exitCode } = await goclaw(["agents", "list"], { env: { GOCLAW_TOKEN: "wrong" } });
  expect([stdout, exitCode]).toEqual(["", 1]);
  expect(stderr).toMatch(/^goclaw: authentication is required.*\n {2}Store a valid token.*\n {2}request [\w-]{36}\n$/);
  const nobody = await goclaw(["agents", "create", "x", "--provider", "p", "--model", "m"], {
    env: { GOCLAW_USER: "" },
  });
  expect(nobody.stderr).toContain("--user NAME");
});

test("every field that is refused is named, in the language of the terminal", async () => {
  const { stderr } = await goclaw(["agents", "create", "x"], { env: { LANG: "vi_VN.UTF-8" } });
  expect(stderr).toMatch(/^goclaw: yêu cầu .*\n {2}provider: .*\n {2}model: .*\n/);
});

test("a proxy of the environment is not asked for this machine", async () => {
  const env = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
  expect((await goclaw(["agents", "list", "-q"], { env })).stdout).toContain("openai\n");
  expect(await goclaw(["logs"], { env })).toMatchObject({ stderr: "", exitCode: 0 });
});

test("another server is told apart from a gateway", async () => {
  const page = Bun.serve({ port: 0, fetch: () => new Response("<h1>Welcome</h1>") });
  const { stderr, exitCode } = await goclaw(["agents", "list"], { env: { GOCLAW_URL: page.url.href } });
  await page.stop();
  expect([stderr, exitCode]).toEqual([`goclaw: ${page.url.origin} answers, but not as a GoClaw gateway does.\n`, 1]);
});

test("what is written wrongly ends with 2 and the nearest right word", async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["agent", "list"], "Did you mean agents?"],
    [["agents", "lst"], "Did you mean list?"],
    [["agents", "list", "--jsno"], "Did you mean --json?"],
    [["agents", "get"], "missing required argument 'agent'"],
    [["agents", "update", "x", "--set", "model"], "write it as name=value"],
    [["agents", "list", "--url", "gopher://x"], "is no address of a gateway"],
    [["logs", "--level", "loud"], "Allowed choices are debug, info, warn, error"],
  ];
  for (const [args, advice] of cases) {
    const { stdout, stderr, exitCode } = await goclaw(args);
    expect({ args, stdout, exitCode }).toEqual({ args, stdout: "", exitCode: 2 });
    expect(stderr).toStartWith("goclaw: ");
    expect(stderr).toContain(advice);
  }
});

test("every command has an example in its help", async () => {
  for (const command of ["chat", "agents create", "runs follow", "mcp add", "login", "events", "logs", "completion"]) {
    const { stdout, exitCode } = await goclaw([...command.split(" "), "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Example:\n {2}.*goclaw ${command}`));
  }
});

test.skipIf(!existsSync("/dev/full"))("an output that cannot be written is told in one line", async () => {
  const script = `node "${join(import.meta.dir, "../../bin/goclaw.mjs")}" call > /dev/full`;
  const child = Bun.spawn(["sh", "-c", script], { stdout: "pipe", stderr: "pipe" });
  expect([await child.exited, await child.stderr.text()]).toEqual([
    1,
    "goclaw: the output cannot be written (ENOSPC).\n",
  ]);
});

test("a reader that has seen enough is no failure", async () => {
  const script = `node "${join(import.meta.dir, "../../bin/goclaw.mjs")}" call | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const child = Bun.spawn(["bash", "-c", script], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect([stdout, stderr]).toEqual(["activity.aggregate\n0\n", ""]);
});
