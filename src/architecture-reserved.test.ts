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
      "src/base/egress/": "the only way to the network",
      "src/db/dialects/postgres/": "the operator's own database",
      "src/transport/http/listen.ts": "its fetch is the method that Bun.serve calls",
      "src/contract/docs-page/show-docs.js": "runs in the browser",
      "src/mcp/create-transport.ts": "calls the fetch of egress that it is given",
      "src/channels/": "calls the fetch of egress that it is given",
      "src/testing/": "stands in for other machines",
    },
  },
  {
    // A new entry sends requests somewhere new. `egress-sinks.test.ts` and its neighbours have to cover it.
    what: "uses egress",
    pattern:
      /\bcreateEgress\(|\bEgress(?:Client|Sender|Fetch|Send)\b|\buse\(egress\)|\.for\((?:"(?:web|provider|local-provider|telemetry)"|providerPurpose\()|\bweb\.(?:fetch|send|get|check)\b/,
    allowed: {
      "src/base/egress/": "the only way to the network",
      "src/app/open-egress.ts": "creates the egress clients",
      "src/app/engine/create-run-engine.ts": "passes egress to tools and models",
      "src/app/engine/provide-mcp.ts": "passes egress to the connections to MCP servers",
      "src/app/engine/provide-channels.ts": "passes egress to the connectors of chat platforms",
      "src/channels/": "calls chat platforms and programs",
      "src/mcp/create-transport.ts": "calls MCP servers",
      "src/features/mcp/servers/require-allowed-target.ts": "checks the address of a new or changed MCP server",
      "src/app/telemetry/": "sends spans to the operator's collector",
      "src/app/find-provider.ts": "looks for an Ollama at one address",
      "src/app/doctor/examine-gateway.ts": "calls the gateway itself",
      "src/app/doctor/examine-network.ts": "checks the operator's proxy and name resolution",
      "src/app/doctor/examine-providers.ts": "checks the providers of all tenants for the operator",
      "src/features/openai-messages/store-content.ts": "downloads an image of a chat",
      "src/tools/media/look-tools.ts": "downloads an image that an agent asks about",
      "src/features/providers/require-allowed-base.ts": "checks the addresses of a new or changed provider",
      "src/features/providers/provider-access.ts": "calls a stored provider",
      "src/features/providers/list-provider-models.ts": "lists the models of a provider",
      "src/features/providers/verify-provider.ts": "verifies a provider",
      "src/features/providers/verify-embedding.ts": "verifies a provider's embeddings",
      "src/models/": "calls the models of a provider",
      "src/tools/web/fetch-page.ts": "fetches a page for an agent",
      "src/tools/search/search-provider.ts": "declares what a search engine receives",
      "src/tools/search/web-search.ts": "calls a search engine",
      "src/runtime/tools/tool.ts": "declares what a tool receives",
      "src/runtime/tools/create-tool-environment.ts": "declares what a run receives",
      "src/testing/": "stands in for other machines",
    },
  },
  {
    what: "starts processes",
    pattern: /"(?:node:)?child_process"|\bBun\.(?:spawn|spawnSync|\$)/,
    allowed: {
      "src/processes/start-process.ts": "the only way to start a command",
      "src/testing/": "runs gateways and other servers of tests",
    },
  },
  {
    what: "listens",
    pattern: /\bBun\.(?:serve|listen)\b/,
    allowed: { "src/transport/": "serves HTTP", "src/testing/": "stands in for other machines" },
  },
  {
    what: "reads the environment",
    pattern: /\bprocess\.env\b|\bBun\.env\b|\bimport\.meta\.env\b/,
    allowed: { "src/app/": "loads the configuration", "src/testing/": "finds the test servers" },
  },
  {
    what: "sees all tenants",
    pattern: /\bsystemDatabase\b|\.system\(|\bmutateSystem\b/,
    allowed: {
      "src/app/doctor/examine-jobs.ts": "counts the jobs of all tenants for the operator",
      "src/app/doctor/examine-providers.ts": "checks the providers of all tenants for the operator",
      "src/app/audit/verify-activity.ts": "verifies the logs of all tenants for the operator",
      "src/core/system-database.ts": "declares the handle",
      "src/core/mutate.ts": "writes the audit row of a change above tenants",
      "src/app/create-gateway.ts": "creates the handle",
      "src/app/engine/create-run-engine.ts": "keeps the leases of all tenants' runs",
      "src/app/engine/provide-channels.ts": "serves the chat platforms of all tenants",
      "src/app/database/prepare-database.ts": "creates the master tenant",
      "src/app/database/require-openable-secrets.ts": "checks the encryption key against all stored secrets",
      "src/features/tenants/": "manages the tenants",
      "src/features/api-keys/create-api-key.ts": "keys of the system belong to no tenant",
      "src/features/api-keys/repository.ts": "keys of the system belong to no tenant",
      "src/features/api-keys/revoke-api-key.ts": "keys of the system belong to no tenant",
      "src/features/agents/create-agent.ts": "owners of the gateway may name another tenant",
      "src/testing/": "checks what no tenant may see",
    },
  },
  {
    what: "leaves the tenant of a query",
    pattern: /\bTenantReads\.handleOf\b/,
    allowed: { "src/db/": "adds the tenant's predicate itself" },
  },
  {
    // A spread computes every lazy field of a context. `deriveContext` does not.
    what: "spreads a context",
    pattern: /\.\.\.(?:ctx|context)\b(?!\.)/,
    allowed: {},
  },
  {
    what: "prints",
    pattern: /\bconsole\./,
    allowed: { "src/app/commands/": "writes to the terminal" },
  },
];

describe.each(RESERVED)("only a listed file $what", ({ pattern, allowed }) => {
  const places = Object.keys(allowed);
  const uses = sources.filter((path) => pattern.test(codeOf(path)));

  test("no other file does", () => {
    expect(uses.filter((path) => !places.some((place) => path.startsWith(place)))).toEqual([]);
  });

  test("each listed file does", () => {
    const named = places.filter((place) => !place.endsWith("/"));
    expect(named.filter((place) => !uses.includes(place))).toEqual([]);
  });
});
