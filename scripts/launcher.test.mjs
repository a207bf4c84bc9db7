import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

const PROGRAM = `
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.stdout.write(signal + "\\n"));
process.on("SIGTERM", () => process.exit(7));
setInterval(() => {}, 60_000);
process.stdout.write(process.pid + "\\n");
`;

/** What the launcher needs before the program. */
const FILES = ["bin/goclaw.mjs", "package-lock.json"].concat(
  ["setup", "web", "fingerprint"].map((name) => `scripts/${name}.mjs`),
);

let root;
let launcher;

// Starts the real launcher in a checkout whose program only prints the signals that it receives.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "goclaw-launcher-"));
  for (const directory of ["bin", "scripts", "src/app"]) mkdirSync(join(root, directory), { recursive: true });
  for (const file of FILES) copyFileSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "src/app/main.ts"), PROGRAM);
  launcher = Bun.spawn(["node", join(root, "bin/goclaw.mjs")], { stdout: "pipe", detached: true });
});

afterEach(async () => {
  launcher.kill("SIGKILL");
  await launcher.exited;
  rmSync(root, { recursive: true });
});

async function readLine(reader) {
  const { value } = await reader.read();
  return value && new TextDecoder().decode(value);
}

test("each signal reaches the gateway once, even from a terminal, and the launcher returns its exit code", async () => {
  const reader = launcher.stdout.getReader();
  await readLine(reader);
  process.kill(-launcher.pid, "SIGINT");
  expect(await readLine(reader)).toBe("SIGINT\n");
  process.kill(launcher.pid, "SIGTERM");
  expect(await readLine(reader)).toBe("SIGTERM\n");
  expect(await launcher.exited).toBe(7);
});

test("the gateway ends when its launcher is killed", async () => {
  const reader = launcher.stdout.getReader();
  await readLine(reader);
  launcher.kill("SIGKILL");
  // The pipe ends when the last process that holds it exits.
  expect(await readLine(reader)).toBeUndefined();
});
