import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGoclaw } from "#testing/run-goclaw.ts";

const home = mkdtempSync(join(tmpdir(), "goclaw-cli-"));
afterAll(() => rmSync(home, { recursive: true }));

const CHECKS = { bash: ["bash", "-n"], zsh: ["zsh", "-n"], fish: ["fish", "--no-execute"] } as const;

async function writeScript(shell: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runGoclaw(home, ["completion", shell]);
  expect([stderr, exitCode]).toEqual(["", 0]);
  const file = join(home, `goclaw.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

test.each(Object.entries(CHECKS))("the script for %s is one that it accepts", async (shell, check) => {
  const file = await writeScript(shell);
  if (Bun.which(shell) === null) return;
  const child = Bun.spawn([...check, file], { stdout: "pipe", stderr: "pipe" });
  expect([await child.exited, await child.stdout.text(), await child.stderr.text()]).toEqual([0, "", ""]);
});

test.each([
  ["goclaw ag", ["agents"]],
  ["goclaw agents ", ["list", "get", "create", "update", "delete", "--help"]],
  ["goclaw agents create fox --mod", ["--model"]],
  ["goclaw chat --fi", ["--file"]],
  ["goclaw audit ", ["verify", "--help"]],
])("bash completes %j", async (line, expected) => {
  const file = await writeScript("bash");
  const words = line.split(" ");
  const script = `source "${file}"; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _goclaw; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const child = Bun.spawn(["bash", "-c", script], { stdout: "pipe", stderr: "pipe" });
  expect([await child.stdout.text(), await child.stderr.text()]).toEqual([`${expected.join("\n")}\n`, ""]);
});

test("the guide names every command that calls a gateway", async () => {
  const guide = readFileSync(join(import.meta.dir, "../../../docs/guide/command-line.md"), "utf8");
  const script = readFileSync(await writeScript("bash"), "utf8");
  const [, groups = ""] = /^ {4}'' ?\) words='(.*)' ;;$/m.exec(script) ?? [];
  const ofServer = ["serve", "token", "migrate", "doctor", "backup", "restore", "audit", "openapi", "version"];
  const names = groups.split(" ").filter((word) => !word.startsWith("--") && !ofServer.includes(word));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !new RegExp(`(goclaw |\`)${name}\\b`).test(guide))).toEqual([]);
  for (const [, group = "", words = ""] of script.matchAll(/^ {4}'(\w+)'\) words='(\w.*)' ;;$/gm)) {
    if (ofServer.includes(group)) continue;
    const row = guide.split("\n").find((line) => line.startsWith(`| \`${group} `)) ?? "";
    const commands = words.split(" ").filter((word) => !word.startsWith("--"));
    expect([group, commands.filter((command) => !row.includes(command))]).toEqual([group, []]);
  }
});

test("another shell is refused", async () => {
  expect(await runGoclaw(home, ["completion", "tcsh"])).toMatchObject({ stdout: "", exitCode: 2 });
});
