import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fingerprintOf, readStamp } from "./fingerprint.mjs";
import { bunPath, ROOT } from "./setup.mjs";

const OUTPUT = join(ROOT, "dist", "goclaw");
const STAMP = join(ROOT, "dist", "goclaw.stamp");
/** What the executable is made of. */
const SOURCES = ["src", "web", "package-lock.json", "scripts/executable.mjs"];
/** The gateway's entry point, its worker threads, and the list of the dashboard's files. */
const ENTRIES = [
  "src/app/main.ts",
  "src/base/media/png/png-worker.ts",
  "src/features/skills/archive/archive-worker.ts",
  "src/tools/documents/document-worker.ts",
  "src/tools/web/html-worker.ts",
  "src/transport/http/json-worker.ts",
  "src/db/dialects/sqlite/checkpoint-worker.ts",
  "src/db/dialects/sqlite/report-worker.ts",
  "dist/web/dashboard-files.ts",
];

/**
 * Builds the executable if its sources changed since the last build, and returns its path. The dashboard must have been
 * built. Throws if the build fails.
 */
export function ensureExecutable() {
  const fingerprint = fingerprintOf(SOURCES);
  if (!existsSync(OUTPUT) || readStamp(STAMP) !== fingerprint) {
    build();
    writeFileSync(STAMP, fingerprint);
  }
  return OUTPUT;
}

function build() {
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
  if (status !== 0) throw new Error(`the build of the executable ended with ${status}`);
  for (const name of readdirSync(dirname(OUTPUT))) if (name.endsWith(".map")) rmSync(join(dirname(OUTPUT), name));
}
