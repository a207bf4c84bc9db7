import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCliGateway } from "#testing/cli-fixture.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const gateway = await startCliGateway();
const other = await startTestGateway();
const { place, token, url } = gateway;
afterAll(() => Promise.all([gateway.stop(), other.stop()]));

const NO_VARIABLES = { GOCLAW_URL: "", GOCLAW_TOKEN: "", GOCLAW_USER: "" };
const FOLDER = join(place, ".config", "goclaw");
const FILE = join(FOLDER, "contexts.json");
const goclaw = (args: readonly string[], input?: string) =>
  gateway.goclaw(args, { env: NO_VARIABLES, ...(input !== undefined && { input }) });
const stored = () => JSON.parse(readFileSync(FILE, "utf8"));

beforeEach(() => rmSync(FOLDER, { recursive: true, force: true }));

test("a login is tried, stored for its owner alone, and used from then on", async () => {
  const login = await goclaw(["login", "nhà", "--url", `${url}/`, "--user", "Ánh 🦊"], `${token}\n`);
  expect(login).toEqual({
    stdout: `Logged in to ${url}. Commands call it now; its name is nhà.\n`,
    stderr: "",
    exitCode: 0,
  });
  expect([statSync(FILE).mode & 0o777, statSync(FOLDER).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(stored()).toEqual({ current: "nhà", contexts: { nhà: { url, token, user: "Ánh 🦊" } } });
  const key = ["agents", "create", "mine", "--provider", "openai", "--model", "m", "-q"];
  expect((await goclaw(key)).stdout).toBe("mine\n");
  expect(JSON.parse((await goclaw(["agents", "get", "mine", "--json"])).stdout).owner_id).toBe("Ánh 🦊");
});

test("several gateways are listed, chosen and forgotten, without their tokens", async () => {
  await goclaw(["login", "one", "--url", url, "--token", token, "--user", "ada"]);
  await goclaw(["login", "two", "--url", other.url, "--token", other.token]);
  const { stdout } = await goclaw(["contexts"]);
  expect(stdout).toMatch(/\n {3}one +http:\S+ +ada +–\n→ {2}two +http:\S+ +– +–\n/);
  const listed = (await goclaw(["contexts", "--json"])).stdout;
  expect(JSON.parse(listed)).toMatchObject([
    { name: "one", is_current: false },
    { name: "two", is_current: true },
  ]);
  expect(stdout + listed).not.toContain(token);
  expect((await goclaw(["agents", "list", "-q"])).stdout).not.toContain("openai");
  expect((await goclaw(["agents", "list", "-q", "--context", "one"])).stdout).toContain("openai");
  await goclaw(["use", "one"]);
  expect((await goclaw(["agents", "list", "-q"])).stdout).toContain("openai");
  expect((await goclaw(["logout", "one"])).stdout).toBe("Forgot one.\n");
  expect((await goclaw(["contexts", "-q"])).stdout).toBe("two\n");
  const unknown = await goclaw(["use", "one"]);
  expect(unknown).toMatchObject({ stderr: "goclaw: there is no context one: there are two.\n", exitCode: 2 });
});

test("a stored token goes to no other gateway", async () => {
  await goclaw(["login", "one", "--url", url, "--token", token]);
  const seen: (string | null)[] = [];
  const spy = Bun.serve({
    port: 0,
    fetch: ({ headers }) => {
      seen.push(headers.get("authorization"));
      return Response.json({ agents: [] });
    },
  });
  try {
    await goclaw(["agents", "list", "--url", spy.url.href]);
    await gateway.goclaw(["agents", "list"], { env: { ...NO_VARIABLES, GOCLAW_URL: spy.url.href } });
    const both = ["agents", "list", "--url", spy.url.href, "--context", "one"];
    expect(await goclaw(both)).toMatchObject({ exitCode: 2 });
    const env = { ...NO_VARIABLES, GOCLAW_GATEWAY_TOKEN: "for-this-machine" };
    await gateway.goclaw(["agents", "list", "--url", spy.url.href], { env });
    expect(seen).toEqual([null, null, null]);
  } finally {
    await spy.stop();
  }
});

test("nothing is stored that the gateway refuses", async () => {
  const refused = await goclaw(["login", "--url", url], "wrong");
  expect(refused).toMatchObject({ stdout: "", stderr: expect.stringContaining("goclaw: authentication"), exitCode: 1 });
  expect(await goclaw(["login", "--url", "http://127.0.0.1:1"], token)).toMatchObject({ exitCode: 3 });
  for (const odd of ["ftp://host", "http://", "http://me:secret@host"])
    expect(await goclaw(["login", "--url", odd], token)).toMatchObject({ exitCode: 2 });
  expect(await goclaw(["login"], token)).toMatchObject({ stderr: expect.stringContaining("--url"), exitCode: 2 });
  expect((await goclaw(["contexts", "-q"])).stdout).toBe("");
});

test("on a terminal the token is asked for and not shown", async () => {
  const terminal = gateway.onTerminal(["login"], { env: NO_VARIABLES });
  await terminal.until("Address of the gateway: ");
  terminal.write(`${url}\r`);
  await terminal.until("Token (it is not shown): ");
  terminal.write(`${token}\r`);
  const { stdout, exitCode } = await terminal.exited;
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Logged in to");
  expect(stdout).not.toContain(token);
  expect(stored().contexts).toEqual({ [new URL(url).host]: { url, token } });
});

test.each(["\u0003", "\u0004"])("a question that is left ends with 130: %j", async (key) => {
  for (const [args, question] of [
    [["login"], "Address of the gateway: "],
    [["login", "--url", url], "Token (it is not shown): "],
  ] as const) {
    const terminal = gateway.onTerminal(args, { env: NO_VARIABLES });
    await terminal.until(question);
    terminal.write(key);
    const { stdout, exitCode } = await terminal.exited;
    expect([exitCode, stdout.includes("Error")]).toEqual([130, false]);
  }
  expect((await goclaw(["contexts", "-q"])).stdout).toBe("");
});

test("options come before the environment, and that before what is stored", async () => {
  await goclaw(["login", "one", "--url", url, "--token", token, "--user", "ada"]);
  const owner = async (args: readonly string[], variables: Readonly<Record<string, string>>) => {
    const env = { ...NO_VARIABLES, ...variables };
    const key = `k${Bun.randomUUIDv7().slice(-8)}`;
    await gateway.goclaw(["agents", "create", key, "--provider", "openai", "--model", "m", ...args], { env });
    return (await gateway.call("GET", `/v1/agents/${key}`, undefined, { user: null })).body.owner_id;
  };
  expect(await owner([], {})).toBe("ada");
  expect(await owner([], { GOCLAW_USER: "binh" })).toBe("binh");
  expect(await owner(["--user", "chi"], { GOCLAW_USER: "binh" })).toBe("chi");
  expect(await owner(["--context", "one"], { GOCLAW_USER: "binh", GOCLAW_TOKEN: "wrong" })).toBe("ada");
});

test("a damaged file is named", async () => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, "[1");
  const { stderr, exitCode } = await goclaw(["agents", "list"]);
  expect([stderr, exitCode]).toEqual([`goclaw: ${FILE} is damaged: delete it, and log in again.\n`, 1]);
});

test("without a word about a gateway, that of this machine is called as its operator", async () => {
  const { host } = new URL(url);
  const env = { ...NO_VARIABLES, GOCLAW_HOME: gateway.home, GOCLAW_PORT: host.split(":")[1] ?? "" };
  const { stdout } = await gateway.goclaw(["agents", "list", "-q"], { env });
  expect(stdout.split("\n")).toEqual(expect.arrayContaining(["default", "openai"]));
  writeFileSync(join(place, "config.json"), `{ gateway: { port: ${env.GOCLAW_PORT}, token: "${token}" } } // JSON5`);
  const configured = await gateway.goclaw(["agents", "list", "-q"], { env: { ...NO_VARIABLES, GOCLAW_HOME: place } });
  expect(configured).toMatchObject({ stdout, exitCode: 0 });
  rmSync(join(place, "config.json"));
});
