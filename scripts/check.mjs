import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureReady, ROOT } from "./setup.mjs";

const CHECKS = [
  { name: "format and lint", command: ["biome", "check", "--error-on-warnings"] },
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "types of the dashboard", command: ["tsc", "--noEmit", "-p", "web"] },
  { name: "unused code", command: ["knip", "--no-progress"] },
];

ensureReady();

const results = await Promise.all(CHECKS.map(runCheck));
process.exit(results.every(Boolean) ? 0 : 1);

/** Runs a check. Prints one result line, and the check's output if it fails. Resolves with true if it passes. */
function runCheck({ name, command: [program, ...options] }) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, "node_modules", ".bin", program), options, { cwd: ROOT });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => (output += error.message));
    child.once("close", (code) => {
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      const hasPassed = code === 0;
      process.stdout.write(
        `${hasPassed ? "ok    " : "FAILED"} ${name} (${seconds} s)\n${hasPassed ? "" : `${output}\n`}`,
      );
      resolve(hasPassed);
    });
  });
}
