import { describe, expect, test } from "bun:test";
import { basename, dirname } from "node:path";
import { codeOf, files, importsOf, layerOf, read, sources } from "#testing/source-files.ts";

/** The layers that the files of each layer may import, beside their own. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  processes: ["base"],
  db: ["base"],
  core: ["base", "processes", "db"],
  models: ["base", "db", "core"],
  runtime: ["base", "db", "core", "models"],
  mcp: ["base", "processes", "db", "core", "models", "runtime"],
  tools: ["base", "processes", "db", "core", "models", "runtime"],
  channels: ["base"],
  features: ["base", "processes", "db", "core", "models", "runtime", "mcp", "channels"],
  transport: ["base", "db", "core"],
  contract: ["base", "core"],
  client: [],
  cli: ["base", "client"],
  app: [
    ...["base", "processes", "db", "core", "models", "runtime", "mcp", "tools", "channels", "features", "transport"],
    ...["contract", "client", "cli"],
  ],
  testing: [
    ...["base", "processes", "db", "core", "models", "runtime", "mcp", "tools", "channels", "features", "transport"],
    ...["contract", "client", "cli", "app"],
  ],
};

/** The rooms of the runtime that the files of each room may import, beside their own. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  transcript: [],
  runs: ["transcript"],
  usage: ["runs"],
  live: ["transcript", "runs"],
  "model-calls": ["transcript", "runs"],
  tools: ["transcript", "runs"],
  prompt: ["transcript", "runs", "live", "model-calls", "tools"],
  "after-run": ["transcript", "runs", "live", "model-calls", "tools"],
  engine: ["transcript", "runs", "live", "model-calls", "tools", "prompt", "after-run"],
};

/** Files that keep what nobody can observe, such as the results of a pure function. */
const MEMOS: Readonly<Record<string, string>> = {
  "src/base/egress/address-policy.ts": "the verdict on an address",
  "src/base/texts/count-garbage.ts": "the garbage of the process, which has one collector",
  "src/models/openai-chat/encode-tools.ts": "the JSON of a list of tools",
  "src/runtime/prompt/token-estimator.ts": "the size of an immutable object",
  "src/runtime/transcript/prepared-parts.ts": "the JSON of the parts of one message",
  "src/testing/model-server/answer-stream.ts": "a test double",
};

const MAX_LINES = 300;
const MAX_FILES_PER_FOLDER = 20;

/** Returns the room of a file or of a module name such as `#runtime/runs/index.ts`. */
const roomOf = (path: string): string | undefined => /^(?:src\/|#)runtime\/([\w-]+)\//.exec(path)?.[1];

describe("the architecture", () => {
  test("every source file is in a layer", () => {
    const stray = sources.filter((path) => !(layerOf(path) in LAYERS));
    expect(stray).toEqual([]);
  });

  test("a layer imports only the ones before it, and only by their names", () => {
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => name.startsWith("#") || name.startsWith("."))
        .filter((name) => !name.endsWith("/package.json"))
        .filter((name) => {
          const layer = name.slice(1).split("/")[0] ?? "";
          return layer !== layerOf(path) && !LAYERS[layerOf(path)]?.includes(layer);
        })
        .map((name) => `${path} imports ${name}`),
    );
    expect(violations).toEqual([]);
  });

  test("every file of the runtime is in a room", () => {
    const stray = sources.filter((path) => layerOf(path) === "runtime" && !((roomOf(path) ?? "") in ROOMS));
    expect(stray).toEqual([]);
  });

  test("a room is entered only by its index.ts", () => {
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => roomOf(name) !== undefined && roomOf(name) !== roomOf(path) && !name.endsWith("/index.ts"))
        .map((name) => `${path} imports ${name}`),
    );
    expect(violations).toEqual([]);
  });

  test("a room imports only the ones before it", () => {
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => roomOf(path) !== undefined && roomOf(name) !== undefined && roomOf(name) !== roomOf(path))
        .filter((name) => !ROOMS[roomOf(path) ?? ""]?.includes(roomOf(name) ?? ""))
        .map((name) => `${path} imports ${name}`),
    );
    expect(violations).toEqual([]);
  });

  test("a feature imports another only from its index.ts", () => {
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => layerOf(path) === "features" && /^#features\/[^/]+\//.test(name))
        .filter((name) => name.split("/")[1] !== path.split("/")[2] && !name.endsWith("/index.ts"))
        .map((name) => `${path} imports ${name}`),
    );
    expect(violations).toEqual([]);
  });

  test(`no file is longer than ${MAX_LINES} lines`, () => {
    const long = files.filter((path) => read(path).split("\n").length > MAX_LINES + 1);
    expect(long).toEqual([]);
  });

  test(`no folder holds more than ${MAX_FILES_PER_FOLDER} source files of its own`, () => {
    const counts = new Map<string, number>();
    for (const path of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const full = [...counts].filter(([, count]) => count > MAX_FILES_PER_FOLDER);
    expect(full).toEqual([]);
  });

  test("no module keeps state: what changes belongs to a value that somebody creates", () => {
    const stateful = sources.filter(
      (path) =>
        !path.endsWith("-worker.ts") &&
        !(path in MEMOS) &&
        /^(?:export )?(?:let\b|(?:const|var) \w+(?::[^=]+)? = new (?:Map|Set|WeakMap|WeakSet|BoundedCache|Remembered)(?:<.*>)?\((?:\)|\{))/m.test(
          codeOf(path),
        ),
    );
    expect(stateful).toEqual([]);
  });

  test("exports have names, and lists of exports are explicit", () => {
    const violations = files.filter((path) => /^export (?:\*|default\b)/m.test(codeOf(path)));
    expect(violations).toEqual([]);
  });

  test("no file is named after nothing in particular", () => {
    const vague = files.filter((path) => /(?:^|-)(?:utils?|helpers?|common|misc|managers?)\./.test(basename(path)));
    expect(vague).toEqual([]);
  });

  test("file names are in kebab-case", () => {
    const odd = files.filter((path) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*\.(?:ts|js)$/.test(basename(path)));
    expect(odd).toEqual([]);
  });
});
