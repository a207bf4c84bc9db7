import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { bunPath, ensureReady, ROOT } from "./setup.mjs";
import { startThrowawayPostgres } from "./throwaway-postgres.mjs";

const PATHS = ["./src", "./scripts"];

ensureReady();

let interruption;
let tests;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interruption ??= signal;
    tests?.kill(signal);
  });
}

const postgres = await choosePostgres();
let outcome;
try {
  outcome = interruption ? { passed: 0, failed: 0, code: 1 } : await runTests(postgres.url);
} finally {
  await postgres.stop?.();
}
process.stdout.write(`\n${outcome.passed} passed, ${outcome.failed} failed\n`);
process.exit(interruption ? 128 + constants.signals[interruption] : outcome.code);

async function choosePostgres() {
  const configuredUrl = process.env.GOCLAW_TEST_POSTGRES_URL;
  if (configuredUrl) {
    process.stdout.write("Tests on SQLite and the Postgres of GOCLAW_TEST_POSTGRES_URL\n");
    return { url: configuredUrl };
  }
  try {
    const started = await startThrowawayPostgres();
    if (started) {
      process.stdout.write(`Tests on SQLite and Postgres ${started.version} (throw-away cluster)\n`);
      return started;
    }
    process.stdout.write("Tests on SQLite; no Postgres found\n");
  } catch (error) {
    process.stdout.write(`Tests on SQLite; ${error.message}\n`);
  }
  return {};
}

function runTests(postgresUrl) {
  const extra = process.argv.slice(2).filter((argument) => argument !== "--");
  const paths = extra.some((argument) => existsSync(argument)) ? [] : PATHS;
  tests = spawn(bunPath(), ["--no-env-file", "--no-orphans", "test", "--parallel=2", ...paths, ...extra], {
    cwd: ROOT,
    env: testEnvironment(postgresUrl),
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

/** Returns the tests' environment, without this machine's settings and provider keys. */
function testEnvironment(postgresUrl) {
  const isMachineSetting = (name) =>
    (name.startsWith("GOCLAW_") && !name.startsWith("GOCLAW_TEST_")) ||
    name.endsWith("_API_KEY") ||
    ["DATABASE_URL", "REDIS_URL"].includes(name);
  const kept = Object.entries(process.env).filter(([name]) => !isMachineSetting(name));
  return {
    ...Object.fromEntries(kept),
    GOCLAW_TEST: "1",
    ...(postgresUrl && { GOCLAW_TEST_POSTGRES_URL: postgresUrl }),
    ...(process.stderr.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: "1" }),
  };
}

function countResults(output, code) {
  const plain = output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
  const lastCount = (word) => Number([...plain.matchAll(new RegExp(`^ *(\\d+) ${word}$`, "gm"))].at(-1)?.[1] ?? 0);
  const failed = lastCount("fail");
  // A run with an error code but no failed test, such as a crash or an empty run, counts as one failure.
  if (code !== 0 && failed === 0) return { passed: lastCount("pass"), failed: 1, code: code ?? 1 };
  return { passed: lastCount("pass"), failed, code: failed > 0 ? 1 : code };
}
