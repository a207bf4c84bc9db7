import { statSync } from "node:fs";
import { ensureExecutable } from "./executable.mjs";
import { ensureReady } from "./setup.mjs";
import { ensureWeb } from "./web.mjs";

ensureReady();
ensureWeb();
const path = ensureExecutable();
process.stdout.write(`${path} (${(statSync(path).size / 1_000_000).toFixed(1)} MB)\n`);
