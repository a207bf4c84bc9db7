import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { ensureExecutable } from "./executable.mjs";
import { bunPath, ensureReady, ROOT } from "./setup.mjs";
import {
  choosePostgres,
  prepareChromium,
  preparePooler,
  prepareSandbox,
  testEnvironment,
} from "./test-environment.mjs";
import { ensureWeb } from "./web.mjs";

const PATHS = ["./src", "./scripts", "./web"];

/** Ends a test that hangs. In milliseconds, and far above what any test takes on a busy disk. */
const TEST_TIMEOUT = 30_000;

ensureReady();

let interruption;
let tests;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interruption ??= signal;
    tests?.kill(signal);
  });
}

const extra = process.argv.slice(2).filter((argument) => argument !== "--");
const isWhole = !extra.some((argument) => existsSync(argument));

const postgres = await choosePostgres();
if (postgres.url) preparePooler();
if (process.platform === "linux") prepareSandbox();
prepareChromium();
ensureWeb();
let outcome;
try {
  outcome = interruption ? { passed: 0, failed: 0, code: 1 } : await runTests(postgres.url);
} finally {
  await postgres.stop?.();
}
process.stdout.write(`\n${outcome.passed} passed, ${outcome.failed} failed\n`);
process.exit(interruption ? 128 + constants.signals[interruption] : outcome.code);

function runTests(postgresUrl) {
  const paths = isWhole ? PATHS : [];
  // A few tests start sooner than the executable is built.
  const executable = isWhole ? ensureExecutable() : undefined;
  const options = [
    "--no-env-file",
    "--no-orphans",
    "test",
    "--parallel=3",
    "--no-isolate",
    `--timeout=${TEST_TIMEOUT}`,
  ];
  tests = spawn(bunPath(), [...options, ...paths, ...extra], {
    cwd: ROOT,
    env: testEnvironment(postgresUrl, executable),
    stdio: ["ignore", "inherit", "pipe"],
  });
  // Bun prints its results to standard error, the only place that counts files that failed to load.
  let tail = "";
  tests.stderr.on("data", (chunk) => {
    process.stderr.write(chunk);
    tail = (tail + chunk).slice(-4_096);
  });
  return new Promise((resolve, reject) => {
    tests.once("error", reject);
    tests.once("close", (code) => resolve(countResults(tail, code)));
  });
}

function countResults(output, code) {
  const plain = output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
  const lastCount = (word) => Number([...plain.matchAll(new RegExp(`^ *(\\d+) ${word}$`, "gm"))].at(-1)?.[1] ?? 0);
  const failed = lastCount("fail");
  // A run with an error code but no failed test, such as a crash or an empty run, counts as one failure.
  if (code !== 0 && failed === 0) return { passed: lastCount("pass"), failed: 1, code: code ?? 1 };
  return { passed: lastCount("pass"), failed, code: failed > 0 ? 1 : code };
}
