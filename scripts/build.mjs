import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { bunPath, ensureReady, ROOT } from "./setup.mjs";
import { ensureWeb } from "./web.mjs";

const OUTPUT = join(ROOT, "dist", "goclaw");
/** The gateway's entry point, its worker threads, and the list of the dashboard's files. */
const ENTRIES = [
  "src/app/main.ts",
  "src/features/skills/archive/archive-worker.ts",
  "src/tools/documents/document-worker.ts",
  "src/tools/web/html-worker.ts",
  "src/transport/http/json-worker.ts",
  "src/db/dialects/sqlite/checkpoint-worker.ts",
  "src/db/dialects/sqlite/report-worker.ts",
  "dist/web/dashboard-files.ts",
];

ensureReady();
ensureWeb();

const { status } = spawnSync(
  bunPath(),
  [
    "build",
    ...ENTRIES,
    "--compile",
    // All entries are placed in one directory, so that the gateway finds its workers by file name.
    "--entry-naming=[name].[ext]",
    "--minify",
    // Ahead-of-time bytecode halves the start time.
    "--bytecode",
    "--splitting",
    "--format=esm",
    // The source map is embedded, so that stack traces of the executable show source files and lines.
    "--sourcemap=inline",
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    "--no-compile-autoload-tsconfig",
    "--no-compile-autoload-package-json",
    `--outfile=${OUTPUT}`,
  ],
  { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] },
);
if (status !== 0) process.exit(status ?? 1);
for (const name of readdirSync(dirname(OUTPUT))) if (name.endsWith(".map")) rmSync(join(dirname(OUTPUT), name));

const megabytes = (statSync(OUTPUT).size / 1_000_000).toFixed(1);
process.stdout.write(`${OUTPUT} (${megabytes} MB)\n`);
