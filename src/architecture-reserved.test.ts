import { describe, expect, test } from "bun:test";
import { codeOf, sources } from "#testing/source-files.ts";

/** What only certain files, or the files of certain folders, may do, with the reason for each. */
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
    // A new entry sends requests somewhere new. `egress-sinks.test.ts` and its neighbours have to cover it.
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
      "src/features/openai-messages/store-content.ts": "an image in a chat",
      "src/features/providers/require-allowed-base.ts": "the bases of a provider that is made or changed",
      "src/features/providers/provider-access.ts": "whatever calls a stored provider",
      "src/features/providers/list-provider-models.ts": "a provider that is asked for its models",
      "src/features/providers/verify-provider.ts": "a provider that is tried",
      "src/features/providers/verify-embedding.ts": "a provider that is tried with embeddings",
      "src/models/": "a provider that is talked to",
      "src/tools/web/fetch-page.ts": "a page that an agent fetches",
      "src/tools/search/search-provider.ts": "names what a search engine is given",
      "src/tools/search/web-search.ts": "a search engine",
      "src/runtime/tools/tool.ts": "names what a tool is given",
      "src/runtime/tools/create-tool-environment.ts": "names what a run is given",
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
      "src/app/doctor/examine-jobs.ts": "the operator looks at all jobs",
      "src/app/doctor/examine-providers.ts": "the operator looks at all providers",
      "src/core/system-database.ts": "names the handle",
      "src/core/mutate.ts": "writes the audit row of a change above tenants",
      "src/app/create-gateway.ts": "makes the handle",
      "src/app/create-run-engine.ts": "leases are looked after whichever tenant a run belongs to",
      "src/app/database/prepare-database.ts": "makes the master tenant",
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
    pattern: /\bTenantReads\.handleOf\b/,
    allowed: { "src/db/": "adds the tenant's predicate itself" },
  },
  {
    what: "prints",
    pattern: /\bconsole\./,
    allowed: { "src/app/commands/": "talks to the person at the terminal" },
  },
];

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
