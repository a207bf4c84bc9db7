import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChatGateway, startChatGateway } from "#testing/chat-fixture.ts";

const ROOT = join(import.meta.dir, "../..");
const PATIENCE = 120_000;

const PROGRAM = `
import { createClient, GoClawError, type RunEvent } from "goclaw/client";

const [url = "", token = ""] = process.argv.slice(2);
const goclaw = createClient({ url, token, userId: "Nguyễn 🦊" });
const { agents } = await goclaw.call("agents.list");
let text = "";
for await (const event of goclaw.chat({ agent: "openai", message: "hello" })) {
  const known: RunEvent = event;
  if (known.type === "text.delta") text += known.text;
}
const refusal = await goclaw.call("agents.get", { id: "nobody" }).catch((thrown: unknown) => thrown);
const code = refusal instanceof GoClawError ? refusal.code : "";
console.log(JSON.stringify([agents.map((agent) => agent.agent_key), text, code]));
`;
/** Each line is a mistake that the types find. */
const MISTAKES = [
  `goclaw.call("agents.nothing");`,
  `goclaw.call("agents.get");`,
  `goclaw.call("agents.get", { id: 5 });`,
  `goclaw.call("chat.send", { message: "needs a socket" });`,
  `(await goclaw.call("agents.list")).agent;`,
];

const CONFIG = {
  compilerOptions: {
    ...{ target: "ESNext", module: "NodeNext", moduleResolution: "NodeNext", strict: true, noEmit: true },
    ...{ lib: ["ESNext", "DOM", "DOM.Iterable"], types: ["node"], skipLibCheck: false },
  },
};

describe("the package of the client, in an empty project", () => {
  const project = mkdtempSync(join(tmpdir(), "goclaw-client-"));
  let gateway: ChatGateway;
  const run = async (...command: readonly string[]) => {
    const child = Bun.spawn([...command], { cwd: project, stdout: "pipe", stderr: "pipe" });
    const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    return { code: await child.exited, output, errors };
  };
  const write = (name: string, content: unknown) =>
    Bun.write(join(project, name), typeof content === "string" ? content : JSON.stringify(content));
  const check = () => run("node", join(ROOT, "node_modules/typescript/lib/tsc.js"), "-p", ".");
  beforeAll(async () => {
    gateway = await startChatGateway({ wires: ["openai"] });
    await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "Nguyễn 🦊" });
    const built = await run("node", join(ROOT, "scripts/build-client.mjs"), project);
    await write("package.json", { name: "empty", private: true, type: "module" });
    await write("tsconfig.json", { ...CONFIG, include: ["*.ts"] });
    const installed = await run("npm", "install", "--offline", "--no-audit", "--no-fund", built.output.trim());
    expect([built.code, installed.code, installed.errors]).toEqual([0, 0, ""]);
    await Bun.$`ln -s ${ROOT}/node_modules/@types ${ROOT}/node_modules/undici-types ${project}/node_modules/`.quiet();
  }, PATIENCE);
  afterAll(async () => {
    await gateway.stop();
    rmSync(project, { recursive: true, force: true });
  });

  test(
    "works with its types, in Bun and in Node",
    async () => {
      await write("program.ts", PROGRAM);
      expect(await check()).toEqual({ code: 0, output: "", errors: "" });
      await run(
        process.execPath,
        "build",
        "program.ts",
        "--target=node",
        "--packages=external",
        "--outfile=program.mjs",
      );
      for (const runtime of [process.execPath, "node"]) {
        gateway.model.enqueue({ text: "Hello 🦊" });
        const { output, errors } = await run(runtime, "program.mjs", gateway.url, gateway.token);
        expect([errors, JSON.parse(output)]).toEqual([
          "",
          [expect.arrayContaining(["openai"]), "Hello 🦊", "NOT_FOUND"],
        ]);
      }
    },
    PATIENCE,
  );

  test(
    "finds mistakes before they are made",
    async () => {
      const lines = MISTAKES.map((line) => `// @ts-expect-error\n${line}`);
      await write(
        "program.ts",
        `import { createClient } from "goclaw/client";\nconst goclaw = createClient({ url: "" });\n${lines.join("\n")}`,
      );
      expect(await check()).toEqual({ code: 0, output: "", errors: "" });
    },
    PATIENCE,
  );
});
