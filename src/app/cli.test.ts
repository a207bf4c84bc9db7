import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "#app/version.ts";
import { plantHostileFiles } from "#testing/hostile-directory.ts";
import { runGoclaw } from "#testing/run-goclaw.ts";
import { importsOf, read } from "#testing/source-files.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "goclaw-cli-"));
});

afterEach(() => rmSync(home, { recursive: true }));

const goclaw = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => runGoclaw(home, args, env);

test("help lists the commands and touches nothing", async () => {
  const { stdout, exitCode } = await goclaw([]);
  for (const command of [
    "serve",
    "token",
    "migrate",
    "doctor",
    "backup",
    "restore",
    "openapi",
    "version",
    "chat",
    "agents",
  ])
    expect(stdout).toContain(`  ${command} `);
  expect(exitCode).toBe(0);
  expect(existsSync(join(home, "secrets"))).toBe(false);
  expect(await goclaw(["--help"])).toMatchObject({ stdout, exitCode: 0 });
});

test("version prints the version", async () => {
  expect(await goclaw(["version"])).toEqual({ stdout: `goclaw ${VERSION}\n`, stderr: "", exitCode: 0 });
  expect(await goclaw(["--version"])).toMatchObject({ stdout: `${VERSION}\n`, exitCode: 0 });
});

test("token prints the same token each time, and --new replaces it", async () => {
  const first = await goclaw(["token"]);
  expect(first.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  expect(await goclaw(["token"])).toEqual(first);
  const renewed = await goclaw(["token", "--new"]);
  expect(renewed.stdout).not.toBe(first.stdout);
  expect(renewed.stderr).toContain("started again");
  expect((await goclaw(["token"])).stdout).toBe(renewed.stdout);
});

test("a configured token is printed, but not replaced", async () => {
  const env = { GOCLAW_GATEWAY_TOKEN: "mine" };
  expect((await goclaw(["token"], env)).stdout).toBe("mine\n");
  const renewal = await goclaw(["token", "--new"], env);
  expect(renewal).toMatchObject({ stdout: "", exitCode: 78 });
});

test("a failed command prints one line on standard error", async () => {
  writeFileSync(join(home, "config.json"), "{");
  const { stderr, exitCode } = await goclaw(["token"]);
  expect(stderr).toMatch(/^goclaw: .*config\.json is not valid JSON5: .*\n$/);
  expect(exitCode).toBe(78);
});

test("an unknown command is refused", async () => {
  const { stderr, exitCode } = await goclaw(["sevre"]);
  expect(stderr).toContain("Did you mean serve?");
  expect(exitCode).toBe(2);
});

test("the gateway loads nothing of the commands that call one", () => {
  const cli = importsOf("src/app/cli.ts").filter((name) => name.startsWith("#cli/"));
  const atStart = /^import [^;]*? from "(#cli\/[^"]+)";$/gm;
  expect(cli).toContain("#cli/add-commands.ts");
  expect([...read("src/app/cli.ts").matchAll(atStart)].map(([, name]) => name)).toEqual(["#cli/exit-codes.ts"]);
});

test("no file in the working directory changes what runs", async () => {
  const { hasRun } = plantHostileFiles(home);
  const { stdout, exitCode } = await goclaw(["token"]);
  expect([stdout.length, exitCode, hasRun()]).toEqual([65, 0, false]);
  expect(await goclaw(["version"])).toEqual({ stdout: `goclaw ${VERSION}\n`, stderr: "", exitCode: 0 });
  expect(hasRun()).toBe(false);
});
