import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChatGateway, startChatGateway } from "#testing/chat-fixture.ts";
import { APIS, type Api, SAMPLE_MESSAGE, type SampleTarget, TOKEN_VARIABLE } from "#web/screens/agents/code/sample.ts";
import { toCurl } from "#web/screens/agents/code/to-curl.ts";
import { toPython } from "#web/screens/agents/code/to-python.ts";
import { toTypeScript } from "#web/screens/agents/code/to-typescript.ts";
import { toTypeScriptOpenAi } from "#web/screens/agents/code/to-typescript-openai.ts";

const ROOT = join(import.meta.dir, "../..");

interface Sample {
  readonly name: string;
  readonly write: (api: Api, target: SampleTarget) => string | undefined;
  readonly file: string;
  /** What runs the file. */
  readonly command: readonly string[];
}

const SAMPLES: readonly Sample[] = [
  { name: "curl", write: toCurl, file: "sample.sh", command: ["sh"] },
  { name: "TypeScript with the own client", write: toTypeScript, file: "sample.ts", command: [process.execPath] },
  { name: "TypeScript with openai", write: toTypeScriptOpenAi, file: "openai.ts", command: [process.execPath] },
  { name: "Python", write: toPython, file: "sample.py", command: ["python/bin/python"] },
];

/** The packages of the samples in Python. */
const PACKAGES = ["openai==3.57.0", "websockets==17.4"];
/** How long they may take to be installed, in milliseconds. */
const INSTALLATION = 180_000;

/** Makes a Python for the samples. Resolves to false without one, and where the registry does not answer. */
async function installPython(project: string): Promise<boolean> {
  const pip = ["python/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", ...PACKAGES];
  for (const command of [["python3", "-m", "venv", "python"], pip]) {
    if (Bun.which(command[0] ?? "", { cwd: project }) === null) return false;
    const options = { cwd: project, stdout: "ignore", stderr: "ignore", timeout: INSTALLATION } as const;
    if ((await Bun.spawn(command, options).exited) !== 0) return false;
  }
  return true;
}

describe("the samples of an agent", () => {
  const project = mkdtempSync(join(tmpdir(), "goclaw-samples-"));
  let gateway: ChatGateway;
  let hasPython = false;
  beforeAll(async () => {
    hasPython = await installPython(project);
    if (!hasPython) process.stderr.write("There is no Python with packages here, so its samples are not run\n");
    gateway = await startChatGateway({ wires: ["openai"] });
    mkdirSync(join(project, "node_modules/goclaw"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules/openai"), join(project, "node_modules/openai"));
    symlinkSync(join(ROOT, "src/client"), join(project, "node_modules/goclaw/client"));
    await Bun.write(join(project, "node_modules/goclaw/package.json"), '{"exports":{"./client":"./client/index.ts"}}');
  }, INSTALLATION);
  afterAll(async () => {
    await gateway.stop();
    rmSync(project, { recursive: true });
  });

  const cases = SAMPLES.flatMap((sample) => APIS.map((api) => [sample.name, api, sample] as const));
  test.each(cases)("in %s for %s work as they stand", async (_, api, { write, file, command }) => {
    const code = write(api, { origin: gateway.url, agentKey: "openai" });
    if (code === undefined || (file.endsWith(".py") && !hasPython)) return;
    await Bun.write(join(project, file), code);
    const child = Bun.spawn([...command, file], {
      cwd: project,
      env: { PATH: process.env.PATH ?? "", [TOKEN_VARIABLE]: gateway.token },
      stdout: "pipe",
      stderr: "pipe",
    });
    const output = await new Response(child.stdout).text();
    expect(await child.exited, await new Response(child.stderr).text()).toBe(0);
    expect(file === "sample.sh" ? textOf(output) : output).toContain(`echo: ${SAMPLE_MESSAGE}`);
  });
});

/** Puts together the deltas of a stream of events. */
const textOf = (stream: string): string =>
  stream
    .split("\n")
    .flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice("data: ".length))] : []))
    .map(
      (event) => event.choices?.[0]?.delta?.content ?? (event.type === "response.output_text.delta" ? event.delta : ""),
    )
    .join("");
