import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { ROOT } from "./setup.mjs";

/** It kills processes for minutes. */
const NEVER = "src/runtime/behaviour/kill.test.ts";

/** Quick tests through the front door, for changes that no test nearby notices. */
const WIDER = {
  src: [
    "src/transport",
    "src/app/config",
    "src/features/api-keys",
    "src/features/tenants",
    "src/features/sessions/sessions.test.ts",
    "src/features/agents/agents.test.ts",
    "src/features/providers/providers.test.ts",
    "src/features/runs/runs.test.ts",
    "src/features/runs/run-limits.test.ts",
    "src/features/chat",
    "src/runtime/behaviour/durability.test.ts",
    "src/runtime/behaviour/loop.test.ts",
    "src/access-matrix.test.ts",
    "src/guide.test.ts",
  ],
  "src/base": [
    "src/egress-metadata.test.ts",
    "src/egress-provider-sinks.test.ts",
    "src/egress-search-sink.test.ts",
    "src/egress-sinks.test.ts",
    "src/models/resilience",
    "src/runtime/tools",
    "src/tools",
    "src/app/cli.test.ts",
    "src/features/memory/search",
  ],
  "src/db": [
    "src/features/memory",
    "src/runtime/behaviour/database-faults.test.ts",
    "src/runtime/behaviour/faults.test.ts",
    "src/runtime/behaviour/several-nodes.test.ts",
    "src/app/create-sweep-job.test.ts",
    "src/runtime/behaviour/restart.test.ts",
    "src/features/runs",
  ],
  "src/core": ["src/features", "src/app/operations.test.ts"],
  "src/contract": ["src/app/operations.test.ts", "src/app/cli.test.ts"],
};

/** The TypeScript files below a folder of the checkout, with their paths from its root. */
export const listSources = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .sort();

export const isTest = (path) => path.endsWith(".test.ts");

/** Finds the tests of a file in three stages, the nearest first; each test is in one stage. */
export function createTestFinder() {
  const sources = listSources("src");
  const importers = findImporters(sources);
  const tests = sources.filter((path) => isTest(path) && path !== NEVER);
  return (path) => {
    const direct = importers.get(path) ?? new Set();
    // Fixtures are no step: through them, every test imports nearly everything.
    const steps = [...direct].filter((importer) => !isTest(importer) && !importer.startsWith("src/testing/"));
    const throughOneStep = new Set(steps.flatMap((step) => [...(importers.get(step) ?? [])]));
    const layer = `${path.split("/", 2).join("/")}/`;
    const wider = Object.entries(WIDER).flatMap(([folder, paths]) => (path.startsWith(`${folder}/`) ? paths : []));
    const stages = [
      (test) => dirname(test) === dirname(path) || direct.has(test),
      (test) => throughOneStep.has(test) || test.startsWith(layer),
      (test) => wider.some((place) => test === place || test.startsWith(`${place}/`)),
    ];
    return stages.map((_, index) => tests.filter((test) => stages.findIndex((stage) => stage(test)) === index));
  };
}

/** Maps each file to those that import it, by `#folder/…` or by a relative path. */
function findImporters(sources) {
  const importers = new Map();
  for (const path of sources) {
    const text = readFileSync(join(ROOT, path), "utf8");
    for (const [, name] of text.matchAll(/(?:from|import\(?|new URL\() ?"([#.][^"]+)"/g)) {
      const target = name.startsWith("#") ? `src/${name.slice(1)}` : posix.join(dirname(path), name);
      importers.set(target, (importers.get(target) ?? new Set()).add(path));
    }
  }
  return importers;
}
