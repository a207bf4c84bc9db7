import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom, divide, findPlaces, shuffle, spread } from "./find-mutants.mjs";
import { createTestFinder, isTest, listSources } from "./find-tests.mjs";
import { bunPath, ensureReady, ROOT } from "./setup.mjs";
import { choosePostgres, testEnvironment } from "./test-environment.mjs";

const FOLDERS = ["src/base", "src/db", "src/core", "src/contract"];

/**
 * Texts, figures, schema history and fixtures are no logic of the product. Tests read `LIMITS` itself; its uses are
 * changed elsewhere.
 */
const SKIPPED = [
  /^src\/base\/i18n\/(?:en|vi|zh)\.ts$/,
  /\/metrics\.ts$/,
  /^src\/base\/(?:(?:channel-)?limits\.ts|limit-groups\/)/,
  /-fixture\.ts$/,
  /^src\/db\/migrations\//,
];

/** Lines whose changes no behaviour can show, each with its reason. */
const EQUIVALENT = [
  { file: "src/base/egress/egress-send.ts", text: "MAX_KNOWN_URLS = ", reason: "the size of a cache" },
  { file: "src/db/dialects/sqlite/connection.ts", text: "MAX_STATEMENTS", reason: "the size of a cache" },
  { file: "src/core/answers/kept-answers.ts", text: "const MAX_", reason: "the size of a cache" },
  { file: "src/base/egress/lifeline.ts", text: "< this.#timerFiresAt", reason: "a new timer for the same moment" },
  { file: "src/db/dialects/sqlite/sign-blocks.ts", text: "_BYTES = ", reason: "the size of a cache" },
  { file: "src/base/texts/texts-apart.ts", text: "PIECE =", reason: "the length of a piece" },
  { file: "src/base/texts/json-pieces.ts", text: "_024;", reason: "the length of a turn" },
  { file: "src/base/texts/count-garbage.ts", text: "", reason: "when garbage is collected" },
  { file: "src/base/texts/holds-text.ts", text: "MUCH =", reason: "the size from which work is divided" },
  { file: "src/core/parse-input.ts", text: "> SMALL", reason: "the size from which not all errors are collected" },
  { file: "src/base/media/png/to-rgba.ts", text: "if (depth === 8", reason: "a shorter way to the same pixels" },
  ...["filters", "to-rgba", "row-scaler"].map((name) => ({
    file: `src/base/media/png/${name}.ts`,
    text: "for (let ",
    reason: "a list of bytes stores nothing behind its end",
  })),
  { file: "src/base/media/png/row-scaler.ts", text: "SMALLEST_SHARE", reason: "how far rounding may go" },
  { file: "src/base/media/png/row-scaler.ts", text: "new Float64Array", reason: "more room than is used" },
  { text: "_MS = ", reason: "a time that is tuned" },
  { text: "_AT_ONCE = ", reason: "how much of a long work is done at once" },
  { file: "src/db/dialects/sqlite/log-checkpoints.ts", text: "export const ", reason: "how often a log is copied" },
  { file: "src/db/dialects/sqlite/write-queue.ts", text: "TURNS_TO_GATHER = ", reason: "a time that is tuned" },
  { file: "src/db/dialects/sqlite/write-queue.ts", text: "turns > 0", reason: "a turn of the event loop more" },
  { text: "this.#pause = Math.min(2 *", reason: "how fast pauses grow" },
  { text: "* 2 ** Math.min(", reason: "how fast pauses grow" },
  { text: "performance.now() > deadline", reason: "the moment itself" },
  { text: "performance.now() > until", reason: "the moment itself" },
  { text: ".catch((error: unknown) => logger.", reason: "a line of the log" },
  { file: "src/db/dialects/postgres/open-postgres.ts", text: "_LOCK = ", reason: "any number does" },
  { file: "src/db/dialects/postgres/pool.ts", text: "giveUp:", reason: "it only shortens a wait that ends by itself" },
  { file: "src/db/dialects/postgres/pool.ts", text: "clients.delete(client)", reason: "it only frees memory" },
  {
    file: "src/contract/docs-operations.ts",
    text: "slice(0, 22)",
    reason: "the length of a tag that clients only compare",
  },
];

const CHECK_SECONDS = 60;
const PIPE_SECONDS = 2;
const testSeconds = (files) => 150 + 5 * files;

const HELP = `Changes the source in one place at a time and runs the tests that should notice.

  node scripts/mutate.mjs [--folder src/core] [--count 60] [--seed 1]
  node scripts/mutate.mjs --only src/base/json.ts:30    every change of that line
`;

const options = readOptions();
ensureReady();
requireCleanSources();

let interruption;
let child;
let mutated;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interruption ??= signal;
    killGroup(child);
    restore();
  });
}
process.on("exit", restore);

const findTests = createTestFinder();
const scratch = mkdtempSync(join(tmpdir(), "goclaw-mutate-"));
const postgres = await choosePostgres();
// What an interrupted test leaves in its temporary directory is removed with ours.
const environment = { ...testEnvironment(postgres.url), TMPDIR: scratch, FORCE_COLOR: "0" };
let totals;
try {
  totals = await judgeAll();
} finally {
  await postgres.stop?.();
  rmSync(scratch, { recursive: true, force: true });
}
if (interruption) process.exit(128 + constants.signals[interruption]);
process.stdout.write(`\n${totals.noticed} of ${totals.judged} noticed (${totals.invalid} invalid changes replaced)\n`);
process.exit(totals.noticed === totals.judged ? 0 : 1);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        folder: { type: "string" },
        count: { type: "string", default: "60" },
        seed: { type: "string", default: "1" },
        only: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) exitWith(HELP, 0);
    if (!/^[1-9]\d*$/.test(values.count)) throw new Error(`--count ${values.count} is no whole number above 0`);
    const place = values.folder ?? values.only?.split(":")[0] ?? FOLDERS[0];
    if (!place.startsWith("src/") || !existsSync(join(ROOT, place))) throw new Error(`${place} is nothing in src`);
    if (values.only && !/^src\/.+\.ts:\d+$/.test(values.only)) throw new Error("--only needs src/file.ts:line");
    return {
      ...values,
      folders: values.folder ? [values.folder.replace(/\/$/, "")] : FOLDERS,
      count: Number(values.count),
    };
  } catch (error) {
    return exitWith(`${error.message}\n\n${HELP}`, 2);
  }
}

function exitWith(text, code) {
  (code === 0 ? process.stdout : process.stderr).write(text);
  process.exit(code);
}

/** Restoring a file must not lose work, also after a crash of this machine. */
function requireCleanSources() {
  const { stdout, status } = spawnSync("git", ["status", "--porcelain", "--", "src"], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) exitWith("This script needs a git checkout.\n", 2);
  if (stdout !== "") exitWith(`Commit or stash the changes in src first:\n${stdout}`, 2);
}

/** Judges the chosen number of mutants of each folder, or all of one line. */
async function judgeAll() {
  const sum = { noticed: 0, judged: 0, invalid: 0 };
  for (const { mutants, count } of options.only ? [mutantsOfLine(options.only)] : chooseMutants()) {
    let left = count;
    for (const place of mutants) {
      if (left === 0 || interruption) break;
      const verdict = await judgePlace(place, sum);
      if (verdict === undefined) continue;
      left--;
      sum.judged++;
      if (verdict === "noticed") sum.noticed++;
    }
  }
  return sum;
}

/** For each folder the places in the order in which they are tried, and how many mutants it has to give. */
function chooseMutants() {
  const folders = options.folders.map((folder) => {
    const files = listSources(folder).filter((file) => !isTest(file) && !SKIPPED.some((pattern) => pattern.test(file)));
    const lines = files.reduce((total, file) => total + readSource(file).split("\n").length, 0);
    return { folder, lines, files: files.map(placesOf) };
  });
  const counts = divide(
    options.count,
    folders.map(({ lines }) => lines),
  );
  return folders.map(({ folder, files }, index) => {
    const random = createRandom(`${options.seed} ${folder}`);
    const places = spread(files, random);
    return {
      count: counts[index],
      mutants: places.map((place) => ({ ...place, variants: shuffle(place.variants, random) })),
    };
  });
}

function mutantsOfLine(only) {
  const [file, line] = only.split(":");
  const places = placesOf(file).filter((place) => place.line === Number(line));
  const mutants = places.flatMap((place) => place.variants.map((variant) => ({ ...place, variants: [variant] })));
  return { mutants, count: mutants.length };
}

function placesOf(file) {
  const source = readSource(file);
  const lines = source.split("\n");
  const isEquivalent = ({ line }) =>
    EQUIVALENT.some((entry) => (entry.file ?? file) === file && lines[line - 1].includes(entry.text));
  return findPlaces(source)
    .filter((place) => !isEquivalent(place))
    .map((place) => ({ ...place, file }));
}

function readSource(file) {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Tries the variants of a place until one is valid, and prints its line. Returns undefined if none is. */
async function judgePlace({ file, line, start, end, variants }, sum) {
  for (const { text, label } of variants) {
    const began = performance.now();
    const verdict = await judge(file, start, end, text);
    if (interruption) return undefined;
    if (verdict === "invalid") {
      sum.invalid++;
      continue;
    }
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    process.stdout.write(`${verdict.padEnd(10)} ${file}:${line}  ${label}  ${seconds} s\n`);
    return verdict;
  }
  return undefined;
}

async function judge(file, start, end, text) {
  const source = readSource(file);
  const before = await transpile(file);
  let failing;
  try {
    mutated = { path: join(ROOT, file), source };
    writeFileSync(mutated.path, source.slice(0, start) + text + source.slice(end));
    if (!(await isFair(file, before))) return "invalid";
    for (const stage of findTests(file)) {
      failing = await findFailing(stage);
      if (failing || interruption) break;
    }
  } finally {
    restore();
  }
  if (!failing) return "UNNOTICED";
  // A test that fails without the change as well says nothing about it.
  return (await findFailing(failing)) ? "UNCLEAR" : "noticed";
}

function restore() {
  if (mutated) writeFileSync(mutated.path, mutated.source);
  mutated = undefined;
}

/** Whether the changed file differs in more than types, loads, and the whole still type-checks. */
async function isFair(file, before) {
  const after = await transpile(file);
  if (after === undefined || after === before) return false;
  const load = await runBun(["-e", `await import("./${file}"); process.exit()`], CHECK_SECONDS);
  if (load.code !== 0) return false;
  const types = ["--noEmit", "--incremental", "--tsBuildInfoFile", join(scratch, "types.tsbuildinfo")];
  return (await run(join(ROOT, "node_modules", ".bin", "tsc"), types, CHECK_SECONDS)).code === 0;
}

/** The file as JavaScript without types, or undefined if it does not parse. */
async function transpile(file) {
  const { code, output } = await runBun(["build", "--no-bundle", `./${file}`], CHECK_SECONDS);
  return code === 0 ? output : undefined;
}

/** Runs tests until one fails or hangs. Returns its file, or all of them if the output does not tell which. */
async function findFailing(tests) {
  if (tests.length === 0) return undefined;
  const paths = tests.map((test) => `./${test}`);
  const { code, output } = await runBun(["--no-orphans", "test", "--bail", ...paths], testSeconds(tests.length));
  if (code === 0) return undefined;
  const last = [...output.matchAll(/^(src\/\S+\.test\.ts):$/gm)].at(-1)?.[1];
  return last ? [last] : tests;
}

function runBun(args, seconds) {
  return run(bunPath(), ["--no-env-file", ...args], seconds);
}

/** Runs a program to its end or for so many seconds: `{ code, output }`, the code being null if it was killed. */
function run(program, args, seconds) {
  if (interruption) return { code: null, output: "" };
  return new Promise((resolve, reject) => {
    const started = spawn(program, args, {
      cwd: ROOT,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child = started;
    const timer = setTimeout(() => killGroup(started), seconds * 1_000);
    let output = "";
    started.stdout.on("data", (chunk) => (output += chunk));
    started.stderr.on("data", (chunk) => (output += chunk));
    started.once("error", reject);
    const finish = () => {
      clearTimeout(timer);
      resolve({ code: started.exitCode, output });
    };
    started.once("close", finish);
    // Processes of a killed test may keep the pipes open.
    started.once("exit", () => setTimeout(finish, PIPE_SECONDS * 1_000).unref());
  });
}

/** Kills a program with the processes that it started, such as the servers of a test. */
function killGroup(program) {
  if (program && program.exitCode === null && program.signalCode === null) process.kill(-program.pid, "SIGKILL");
}
