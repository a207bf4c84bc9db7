import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { installNodeGenerators, installPythonGenerators, runGenerator } from "#testing/client-generators.ts";

const [hasNode, hasPython] = await Promise.all([installNodeGenerators(), installPythonGenerators()]);
const WITH_NODE = hasNode ? "" : " (skipped: the npm registry does not answer)";
const WITH_PYTHON = hasPython ? "" : " (skipped: there is no Python with pip, or PyPI does not answer)";

/** Covers the slowest command on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

describe("the document, for the tools of clients", async () => {
  const gateway = await startChatGateway({ wires: ["openai"] });
  const folder = mkdtempSync(join(tmpdir(), "goclaw-clients-"));
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await gateway.stop();
  });
  const spec = join(folder, "openapi.json");
  await Bun.write(spec, (await gateway.call("GET", "/docs/openapi.json")).text);

  const run = async (...command: readonly string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await runGenerator(command);
    expect({ command: command[0], exitCode, output: exitCode === 0 ? "" : stdout + stderr }).toEqual({
      command: command[0],
      exitCode: 0,
      output: "",
    });
    return stdout + stderr;
  };
  const answersOf = async (...program: readonly string[]) => {
    gateway.model.enqueue({ text: "I chat." }, { text: "I am awake." });
    return JSON.parse(await run(...program, gateway.url, gateway.token));
  };
  const ANSWERS = [expect.arrayContaining(["openai", "default"]), "I chat.", "I am awake."];

  test.skipIf(!hasNode)(
    `Spectral's recommended rules find nothing${WITH_NODE}`,
    async () => {
      expect(JSON.parse(await run("node", "lint-by-spectral.mjs", spec))).toEqual([]);
    },
    PATIENCE,
  );

  test.skipIf(!hasNode)(
    `openapi-typescript and Hey API make strict clients that work${WITH_NODE}`,
    async () => {
      await Promise.all([
        run("node_modules/.bin/openapi-typescript", spec, "--output", "generated/openapi-typescript.ts"),
        run("node_modules/.bin/openapi-ts", "--input", spec, "--output", "generated/hey-api"),
      ]);
      await run("node_modules/.bin/tsc", "--project", "tsconfig.json");
      expect(await answersOf(process.execPath, "call-by-openapi-fetch.ts")).toEqual(ANSWERS);
      expect(await answersOf(process.execPath, "call-by-hey-api.ts")).toEqual(ANSWERS);
    },
    PATIENCE,
  );

  test.skipIf(!hasPython)(
    `openapi-python-client makes a client of every route that works${WITH_PYTHON}`,
    async () => {
      const output = join(folder, "python");
      const printed = await run("openapi-python-client", "generate", "--path", spec, "--output-path", output);
      expect(printed.trim().split("\n")).toEqual([`Generating ${output}`]);
      await run("python3", "-m", "compileall", "-q", output);
      expect(await answersOf("env", `PYTHONPATH=${output}`, "python3", "call_by_python.py")).toEqual(ANSWERS);
    },
    PATIENCE,
  );
});
