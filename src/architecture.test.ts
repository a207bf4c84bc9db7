import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

const ROOT = join(import.meta.dir, "..");

/** What the files of each layer may import beside their own layer. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  db: ["base"],
  core: ["base", "db"],
  models: ["base", "db", "core"],
  runtime: ["base", "db", "core", "models"],
  features: ["base", "db", "core", "models", "runtime"],
  transport: ["base", "db", "core"],
  contract: ["base", "core"],
  app: ["base", "db", "core", "models", "runtime", "features", "transport", "contract"],
  testing: ["base", "db", "core", "models", "runtime", "features", "transport", "contract", "app"],
};

/** What only certain files, or all below certain folders, may do, and why those may. */
const RESERVED: readonly {
  readonly what: string;
  readonly pattern: RegExp;
  readonly allowed: Readonly<Record<string, string>>;
}[] = [
  {
    what: "calls other machines",
    pattern:
      /(?<![.\w])fetch\(|\b(?:globalThis|Bun)\.fetch\b|\bBun\.(?:connect|udpSocket)\b|\bnew WebSocket\(|\b(?:from|import\()\s*"(?:(?:node:)?(?:https?|http2|net|tls|dgram)|undici|axios|ws|pg)"/,
    allowed: {
      "src/base/egress/": "the only way out",
      "src/db/dialects/postgres/": "the operator's own database",
      "src/transport/http/listen.ts": "its fetch is the method that Bun.serve calls",
      "src/contract/docs-page/show-docs.js": "runs in the browser",
      "src/testing/": "stands in for other machines",
    },
  },
  {
    // Whoever joins this list sends requests somewhere new: `egress-sinks.test.ts` and its neighbours have to try that.
    what: "takes a door of egress",
    pattern:
      /\bcreateEgress\(|\bEgress(?:Client|Sender|Fetch|Send)\b|\buse\(egress\)|\.for\((?:"(?:web|provider|local-provider)"|providerPurpose\()|\bweb\.(?:fetch|send|get|check)\b/,
    allowed: {
      "src/base/egress/": "the only way out",
      "src/app/open-egress.ts": "makes the doors",
      "src/app/create-run-engine.ts": "gives runs the door for tools and for models",
      "src/app/find-provider.ts": "looks for an Ollama, at one address",
      "src/app/doctor/examine-gateway.ts": "asks the gateway itself",
      "src/app/doctor/examine-network.ts": "looks for the operator's proxy, and whether names resolve",
      "src/app/doctor/examine-providers.ts": "the operator looks at all providers",
      "src/features/conversation/store-content.ts": "an image in a chat",
      "src/features/providers/require-allowed-base.ts": "the bases of a provider that is made or changed",
      "src/features/providers/provider-access.ts": "whatever calls a stored provider",
      "src/features/providers/list-provider-models.ts": "a provider that is asked for its models",
      "src/features/providers/verify-provider.ts": "a provider that is tried",
      "src/features/providers/verify-embedding.ts": "a provider that is tried with embeddings",
      "src/models/": "a provider that is talked to",
      "src/runtime/tools/web/fetch-page.ts": "a page that an agent fetches",
      "src/runtime/tools/search/search-provider.ts": "names what a search engine is given",
      "src/runtime/tools/search/web-search.ts": "a search engine",
      "src/runtime/tools/tool.ts": "names what a tool is given",
      "src/runtime/run-dependencies.ts": "names what a run is given",
      "src/testing/": "stands in for other machines",
    },
  },
  {
    what: "listens",
    pattern: /\bBun\.(?:serve|listen)\b/,
    allowed: { "src/transport/": "the doors", "src/testing/": "stands in for other machines" },
  },
  {
    what: "reads the environment",
    pattern: /\bprocess\.env\b|\bBun\.env\b|\bimport\.meta\.env\b/,
    allowed: { "src/app/": "makes the configuration", "src/testing/": "finds the test servers" },
  },
  {
    what: "sees all tenants",
    pattern: /\bsystemDatabase\b|\.system\(|\bmutateSystem\b/,
    allowed: {
      "src/app/doctor/examine-providers.ts": "the operator looks at all providers",
      "src/core/system-database.ts": "names the handle",
      "src/core/mutate.ts": "writes the audit row of a change above tenants",
      "src/app/create-gateway.ts": "makes the handle",
      "src/app/create-run-engine.ts": "leases are looked after whichever tenant a run belongs to",
      "src/app/prepare-database.ts": "makes the master tenant",
      "src/features/tenants/": "tenants are what it is about",
      "src/features/api-keys/create-api-key.ts": "keys of the system belong to no tenant",
      "src/features/api-keys/repository.ts": "keys of the system belong to no tenant",
      "src/features/api-keys/revoke-api-key.ts": "keys of the system belong to no tenant",
      "src/features/agents/create-agent.ts": "owners of the gateway may name another tenant",
      "src/testing/": "looks at what no tenant is shown",
    },
  },
  {
    what: "takes queries out of their tenant",
    pattern: /\bTenantQueries\.(?:handleOf|scopeTo)\b/,
    allowed: { "src/db/": "adds the tenant's predicate itself" },
  },
  {
    what: "prints",
    pattern: /\bconsole\./,
    allowed: { "src/app/commands/": "talks to the person at the terminal" },
  },
];

const files = [...new Bun.Glob("src/**/*.{ts,js}").scanSync({ cwd: ROOT })].sort();
const isTest = (path: string) => path.endsWith(".test.ts") || path.endsWith("-fixture.ts");
const sources = files.filter((path) => !isTest(path));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const layerOf = (path: string) => path.split("/")[1] ?? "";

/** The code without comments that stand on lines of their own. */
const codeOf = (path: string) => read(path).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");

const importsOf = (path: string) =>
  [...codeOf(path).matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");

describe("the architecture", () => {
  test("every source file is in a layer", () => {
    const homeless = sources.filter((path) => !(layerOf(path) in LAYERS));
    expect(homeless).toEqual([]);
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

  test("a feature imports another only from its index.ts", () => {
    const violations = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => layerOf(path) === "features" && name.startsWith("#features/"))
        .filter((name) => name.split("/")[1] !== path.split("/")[2] && !name.endsWith("/index.ts"))
        .map((name) => `${path} imports ${name}`),
    );
    expect(violations).toEqual([]);
  });

  test("no file is longer than 300 lines", () => {
    const long = files.filter((path) => read(path).split("\n").length > 301);
    expect(long).toEqual([]);
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

describe.each(RESERVED)("only a listed file $what", ({ pattern, allowed }) => {
  const places = Object.keys(allowed);
  const uses = sources.filter((path) => pattern.test(codeOf(path)));

  test("no other does", () => {
    expect(uses.filter((path) => !places.some((place) => path.startsWith(place)))).toEqual([]);
  });

  test("each listed file does", () => {
    const named = places.filter((place) => !place.endsWith("/"));
    expect(named.filter((place) => !uses.includes(place))).toEqual([]);
  });
});
