#!/usr/bin/env node
import { spawn } from "node:child_process";
import { constants, devNull } from "node:os";
import { join } from "node:path";
import { bunPath, ensureReady, ROOT } from "../scripts/setup.mjs";
import { ensureWeb } from "../scripts/web.mjs";

ensureReady();
if (process.argv[2] === "serve") ensureWeb();

// Files in the caller's directory, such as `.env`, `bunfig.toml` or packages, must not change what runs.
const options = ["--no-orphans", "--no-install", "--no-env-file", `--config=${devNull}`];
// The child gets its own process group. A terminal's Ctrl-C then reaches only this process, which forwards it exactly
// once.
const child = spawn(bunPath(), [...options, join(ROOT, "src", "app", "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  detached: true,
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH"]) process.on(signal, () => child.kill(signal));

child.on("error", (error) => {
  process.stderr.write(`goclaw: Bun could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
