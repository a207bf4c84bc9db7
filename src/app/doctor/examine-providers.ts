import type { Config } from "#app/config/schema.ts";
import { ok, problem, warning } from "#app/doctor/finding.ts";
import { toReason } from "#app/doctor/to-reason.ts";
import { encryptionKeys } from "#app/gateway-secrets.ts";
import type { Home } from "#app/home/home.ts";
import type { Egress, EgressClient } from "#base/egress/create-egress.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { hostAndPort } from "#base/egress/egress-policy.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Secret } from "#base/secret.ts";
import { SecretBox } from "#base/secret-box.ts";
import type { Finding } from "#core/findings.ts";
import type { Database } from "#db/database.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { chunk } from "#db/values.ts";
import { openApiKeys, providerBase, providerPurpose } from "#features/providers/index.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import { requestModels } from "#models/list-models.ts";
import { PROVIDER_TYPES, type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import { missingBase } from "#models/to-base-url.ts";

const WAIT_MS = 10_000;
const AT_A_TIME = 50;

/** A provider with the slug of its tenant. */
export interface TenantProvider extends LlmProvidersTable {
  readonly tenant_slug: string;
}

/** Returns the enabled providers of every tenant. */
export function listEnabledProviders(database: Database): Promise<readonly TenantProvider[]> {
  const system = database.system("doctor looks at the providers of every tenant");
  return system.read
    .selectFrom("llm_providers")
    .innerJoin("tenants", "tenants.id", "llm_providers.tenant_id")
    .selectAll("llm_providers")
    .select("tenants.slug as tenant_slug")
    .where("enabled", "=", 1)
    .execute();
}

/** Returns the base URL of a provider's calls. Returns undefined if this release makes none. */
export const findProviderBase = (row: LlmProvidersTable): string | undefined =>
  isKnown(row.provider_type) && isRemote(row.provider_type) ? providerBase(row.provider_type, row) : undefined;

/** Checks for each provider that its API key decrypts, that its address is reachable, and that it accepts the key. */
export async function examineProviders(
  rows: readonly TenantProvider[],
  egress: Egress,
  { config, home }: { readonly config: Config; readonly home: Home },
): Promise<readonly Finding[]> {
  if (rows.length === 0) return [warning("providers", "none is switched on", "Add one with POST /v1/providers.")];
  const box = new SecretBox(encryptionKeys(config, home));
  const findings: Finding[] = [];
  for (const batch of chunk(rows, AT_A_TIME)) {
    findings.push(...(await Promise.all(batch.map((row) => examineProvider(row, box, egress)))));
  }
  return findings;
}

async function examineProvider(row: TenantProvider, box: SecretBox, egress: Egress): Promise<Finding> {
  const { provider_type: type } = row;
  const name = row.tenant_id === MASTER_TENANT_ID ? row.name : `${row.name} of tenant ${row.tenant_slug}`;
  const apiKey = openKey(row, box);
  if (apiKey === undefined) {
    const advice = "Put back the encryption key that it was stored with (secrets/encryption-key), or set its key anew.";
    return problem("providers", `${name}: its API key cannot be decrypted`, advice);
  }
  if (!isKnown(type)) return unusable(name, `the type ${type} is not known to this release`);
  const facts = providerTypeFacts(type);
  if (facts.wire === "none") return unusable(name, facts.reason ?? "its type cannot be run");
  if (facts.wire === "demo") return ok("providers", `${name}: the built-in demo model`);
  const base = providerBase(type, row);
  if (base === undefined) return unusable(name, missingBase(type));
  return reach({ name, type, base, apiKey, egress: egress.for(providerPurpose(type)) });
}

const unusable = (name: string, reason: string): Finding =>
  warning("providers", `${name}: ${reason}`, "Change it with PUT /v1/providers/{id}, or switch it off.");

interface ReachOptions {
  readonly name: string;
  readonly type: ProviderType;
  readonly base: string;
  readonly apiKey: Secret;
  readonly egress: EgressClient;
}

/**
 * Requests the list of models, which is free. If the type has no such list, requests the base URL instead.
 * Every response is fine, unless it refuses the key.
 */
async function reach({ name, type, base, apiKey, egress }: ReachOptions): Promise<Finding> {
  const { host } = new URL(base);
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const models = await requestModels({ providerType: type, apiBase: base, apiKey, egress }, signal);
    if (models === undefined) await (await egress.fetch(base, { signal })).body?.cancel();
    return ok("providers", `${name}: ${host} answers`);
  } catch (thrown) {
    if (thrown instanceof ModelFailure) return judgeAnswer(name, host, apiKey, thrown.error.status);
    const kind = thrown instanceof EgressError ? thrown.kind : "network";
    const text = `${name}: ${base} cannot be reached (${toReason(thrown, WAIT_MS)})`;
    return problem("providers", text, adviceFor(kind, new URL(base)));
  }
}

function judgeAnswer(name: string, host: string, apiKey: Secret, status: number | undefined): Finding {
  if (status !== 401 && status !== 403) return ok("providers", `${name}: ${host} answers`);
  const text = apiKey.isEmpty ? `${host} asks for an API key` : `${host} refuses its API key`;
  return problem("providers", `${name}: ${text} (${status})`, "Set the right one with PUT /v1/providers/{id}.");
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

function openKey(row: LlmProvidersTable, box: SecretBox): Secret | undefined {
  try {
    return openApiKeys(row, box)[0];
  } catch {
    return undefined;
  }
}

const isKnown = (type: string): type is ProviderType => Object.hasOwn(PROVIDER_TYPES, type);

const isRemote = (type: ProviderType): boolean => !["none", "demo"].includes(providerTypeFacts(type).wire);
