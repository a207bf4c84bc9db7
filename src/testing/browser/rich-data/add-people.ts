import { askForPairing } from "#features/devices/device-fixture.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";

const KEYS = [
  { name: "shop website", scopes: ["operator.read", "operator.write"], owner_id: "website" },
  { name: "ci", scopes: ["operator.read"], expires_in: 30 * 24 * 3_600 },
  { name: "Ada's laptop", scopes: ["operator.admin"], owner_id: "ada" },
  { name: "old partner", scopes: ["operator.read", "operator.write"] },
] as const;

/** The slugs of the tenants beside the master tenant. */
export const RICH_TENANTS = { first: "northwind", second: "saigon-labs" } as const;

const TENANTS = [
  { slug: RICH_TENANTS.first, name: "Northwind Outdoor", members: { ada: "admin", grace: "operator", bob: "viewer" } },
  { slug: RICH_TENANTS.second, name: "Sài Gòn Labs", members: { lan: "admin", minh: "operator", ada: "viewer" } },
] as const;

const MEMBERS = { ada: "admin", grace: "operator", minh: "operator", lan: "viewer", "wang.fang": "operator" } as const;

/** Adds keys, of which one is revoked, and tenants with members and an agent each. */
export async function addPeople({ send, gateway, clock }: RichMaker): Promise<void> {
  const ofMaster = { ...OWNER, headers: { "X-GoClaw-Tenant-Id": "master" } };
  for (const key of KEYS) {
    const { id } = await send("POST", "/v1/api-keys", key, ofMaster);
    clock.pass(45_000);
    if (key.name === "old partner") await send("DELETE", `/v1/api-keys/${id}`, undefined, ofMaster);
  }
  await addMembers("master", MEMBERS);
  for (const { slug, name, members } of TENANTS) {
    await send("POST", "/v1/tenants", { slug, name }, OWNER);
    await addMembers(slug, members);
    const within = { ...OWNER, headers: { "X-GoClaw-Tenant-Id": slug } };
    const api_base = `${gateway.model.url}/${slug}/v1`;
    const provider = { name: "openai", provider_type: "openai_compat", api_base, api_key: `sk-${slug}` };
    await send("POST", "/v1/providers", provider, within);
    const agent = { agent_key: "assistant", display_name: `Assistant of ${name}`, emoji: "🧭", is_default: true };
    await send("POST", "/v1/agents", { ...agent, provider: "openai", model: "gpt-6-luna" }, within);
  }

  async function addMembers(tenant: string, members: Readonly<Record<string, string>>): Promise<void> {
    for (const [user_id, role] of Object.entries(members)) {
      await send("POST", `/v1/tenants/${tenant}/users`, { user_id, role }, OWNER);
    }
  }
}

/** Adds browsers that wait for an approval and one that is paired. */
export async function addDevices({ gateway }: RichMaker): Promise<void> {
  const admin = await openSocket(gateway, { user: "ada" });
  const { code } = await askForPairing(gateway, "203.0.113.7", { locale: "en", user_id: "grace" });
  await admin.call("device.pair.approve", { code });
  await askForPairing(gateway, "203.0.113.24", { locale: "vi", user_id: "lan" });
  await askForPairing(gateway, "198.51.100.61", { locale: "zh" });
  await admin.close();
}

/** Changes the configuration twice, which the activity shows. */
export async function changeConfiguration({ gateway, clock }: RichMaker): Promise<void> {
  const owner = await openSocket(gateway, { user: OWNER.user });
  const patch = (sections: object) => owner.call("config.patch", { raw: JSON.stringify(sections) });
  await patch({ gateway: { allowed_origins: ["https://shop.example"] } });
  clock.pass(120_000);
  await patch({ gateway: { rate_limit_scope: "runs" }, log: { level: "info" } });
  await owner.close();
}
