import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bunPath, ensureReady, ROOT } from "./setup.mjs";
import { prepareChromium, prepareFonts, testEnvironment } from "./test-environment.mjs";
import { ensureWeb } from "./web.mjs";

const PROGRAM = join("src", "testing", "browser", "write-screenshots.ts");

ensureReady();
prepareChromium();
prepareFonts();
ensureWeb();

const names = process.argv.slice(2).filter((argument) => argument !== "--");
const { status } = spawnSync(bunPath(), ["--no-env-file", "--no-orphans", PROGRAM, ...names], {
  cwd: ROOT,
  env: testEnvironment(),
  stdio: "inherit",
});
process.exit(status ?? 1);
