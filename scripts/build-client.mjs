import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { bunPath, ensureReady, ROOT } from "./setup.mjs";

/**
 * Builds the package of the client: one module without dependencies, its types, and a tarball of both. The first argument
 * is the folder for them, by default `dist`.
 */
const SOURCE = join(ROOT, "src/client");
const TARGET = resolve(process.argv[2] ?? join(ROOT, "dist"));
const OUTPUT = join(TARGET, "client");
const TYPES = join(OUTPUT, "types");

ensureReady();
rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(TYPES, { recursive: true });
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

run(
  bunPath(),
  "build",
  join(SOURCE, "index.ts"),
  "--target=browser",
  "--format=esm",
  `--outfile=${join(OUTPUT, "client.js")}`,
);
run(
  "node",
  join(ROOT, "node_modules/typescript/lib/tsc.js"),
  "-p",
  join(ROOT, "scripts/client-types.json"),
  "--outDir",
  TYPES,
);
for (const file of readdirSync(TYPES, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".d.ts"))) {
  const path = join(TYPES, file);
  const up = relative(join(path, ".."), TYPES) || ".";
  const text = readFileSync(path, "utf8").replaceAll(/"#client\/([\w/-]+)\.ts"/g, `"${up}/$1.js"`);
  writeFileSync(path, text);
}

const { version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const manifest = {
  name: "goclaw",
  version,
  description: "The client of GoClaw, a gateway for AI agents. For browsers, Node and Bun, without dependencies.",
  license,
  type: "module",
  sideEffects: false,
  engines: { node: ">=20" },
  exports: { "./client": { types: "./types/index.d.ts", default: "./client.js" } },
};
writeFileSync(join(OUTPUT, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(join(SOURCE, "README.md"), join(OUTPUT, "README.md"));
copyFileSync(join(ROOT, "LICENSE"), join(OUTPUT, "LICENSE"));
const [{ filename }] = JSON.parse(run("npm", "pack", OUTPUT, "--json", "--pack-destination", TARGET));
process.stdout.write(`${join(TARGET, filename)}\n`);
