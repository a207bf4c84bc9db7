#!/usr/bin/env node
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { bunPath, ensureReady, ROOT } from "../scripts/setup.mjs";

ensureReady();

// Nothing in the directory goclaw is called from (.env, missing packages) may change what runs.
const options = ["--no-orphans", "--no-install", "--no-env-file"];
// A group of its own: a terminal's Ctrl-C reaches only this process, which passes it on exactly once.
const child = spawn(bunPath(), [...options, join(ROOT, "src", "app", "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  detached: true,
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

child.on("error", (error) => {
  process.stderr.write(`goclaw: Bun could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
