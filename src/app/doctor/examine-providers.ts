import type { Config } from "#app/config/schema.ts";
import { type Finding, ok, problem, warning } from "#app/doctor/finding.ts";
import { OLLAMA_BASES } from "#app/find-provider.ts";
import { encryptionKeys } from "#app/gateway-secrets.ts";
import type { Home } from "#app/home.ts";
import { createEgress, type Egress, type EgressClient } from "#base/egress/create-egress.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { hostAndPort } from "#base/egress/egress-policy.ts";
import { SecretBox } from "#base/secret-box.ts";
import type { Database } from "#db/database.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { apiKeyPlace, providerBase, providerPurpose } from "#features/providers/index.ts";
import { PROVIDER_TYPES, type ProviderType, providerTypeFacts } from "#models/provider-types.ts";

const WAIT_MS = 10_000;

/** Looks at every provider that is switched on: whether its key opens, and whether its address can be reached from here. */
export async function examineProviders(database: Database, config: Config, home: Home): Promise<readonly Finding[]> {
  const system = database.system("doctor looks at the providers of every tenant");
  const rows = await system.read.selectFrom("llm_providers").selectAll().where("enabled", "=", 1).execute();
  if (rows.length === 0) return [warning("providers", "none is switched on", "Add one with POST /v1/providers.")];
  const egress = createEgress(
    {
      allowHosts: new Set(config.egress.allow_hosts.map((host) => host.toLowerCase())),
      allowPrivateProviderUrls: config.providers.allow_private_urls,
      localProviderBases: OLLAMA_BASES,
    },
    { proxy: config.egress.proxy && new URL(config.egress.proxy.reveal()) },
  );
  const box = new SecretBox(encryptionKeys(config, home));
  try {
    return await Promise.all(rows.map((row) => examineProvider(row, box, egress)));
  } finally {
    egress.close();
  }
}

async function examineProvider(row: LlmProvidersTable, box: SecretBox, egress: Egress): Promise<Finding> {
  const { name } = row;
  if (!opens(row, box)) {
    const advice = "Put back the encryption key that it was stored with (secrets/encryption-key), or set its key anew.";
    return problem("providers", `${name}: its API key cannot be decrypted`, advice);
  }
  if (!isKnown(row.provider_type)) return unusable(name, `the type ${row.provider_type} is not known to this release`);
  const facts = providerTypeFacts(row.provider_type);
  if (facts.wire === "none") return unusable(name, facts.reason ?? "its type cannot be run");
  if (facts.wire === "demo") return ok("providers", `${name}: the built-in demo model`);
  const base = providerBase(row.provider_type, row);
  return base === undefined
    ? unusable(name, "it has no api_base, which its type needs")
    : reach(name, base, egress.for(providerPurpose(row.provider_type)));
}

const unusable = (name: string, reason: string): Finding =>
  warning("providers", `${name}: ${reason}`, "Change it with PUT /v1/providers/{id}, or switch it off.");

/** Any answer will do: which paths there are without a model call differs. */
async function reach(name: string, base: string, egress: EgressClient): Promise<Finding> {
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const response = await egress.fetch(base, { signal });
    await response.body?.cancel();
    return ok("providers", `${name}: ${new URL(base).host} answers`);
  } catch (thrown) {
    const kind = thrown instanceof EgressError ? thrown.kind : "network";
    return problem("providers", `${name}: ${base} cannot be reached (${kind})`, adviceFor(kind, new URL(base)));
  }
}

function adviceFor(kind: EgressError["kind"], url: URL): string {
  switch (kind) {
    case "blocked_address":
    case "blocked_url":
      return `If this private address is meant, allow it: GOCLAW_EGRESS_ALLOW_HOSTS=${hostAndPort(url)}.`;
    case "dns":
      return "Check the name in api_base, and that this machine can resolve names.";
    default:
      return "Check api_base, the firewall, and egress.proxy if this network needs a proxy.";
  }
}

function opens(row: LlmProvidersTable, box: SecretBox): boolean {
  try {
    box.open(row.api_key, apiKeyPlace(row));
    return true;
  } catch {
    return false;
  }
}

const isKnown = (type: string): type is ProviderType => type in PROVIDER_TYPES;
