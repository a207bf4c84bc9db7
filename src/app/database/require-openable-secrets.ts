import { StartError } from "#app/start-error.ts";
import { secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import { fromJson } from "#db/values.ts";
import { toolRegistry } from "#features/builtin-tools/index.ts";
import { channelSecretsOf } from "#features/channels/index.ts";
import { sealedTextsOf } from "#features/mcp/index.ts";

/**
 * Throws `StartError` if a stored secret was sealed with a key that the box lacks. Otherwise its users would learn
 * of the lost key one failed call at a time.
 */
export async function requireOpenableSecrets(services: Services, box = services.use(secretBox)): Promise<void> {
  const lost = (await readSealed(services)).filter((sealed) => box.lacksKeyOf(sealed));
  if (lost.length === 0) return;
  throw new StartError(
    `The encryption key does not open ${lost.length} of the stored secrets: put back the one that sealed them, as secrets/encryption-key in the home or behind the new one (GOCLAW_ENCRYPTION_KEY=<new>,<old>); if it is lost, start with GOCLAW_ENCRYPTION_ALLOW_MISSING_KEYS=1 and set those secrets anew.`,
  );
}

/** Returns all sealed texts of the database. */
async function readSealed(services: Services): Promise<readonly string[]> {
  const { read } = services.use(systemDatabase);
  const tools = services.use(toolRegistry);
  const [servers, ofUsers, providers, settings, channels] = await Promise.all([
    read.selectFrom("mcp_servers").select(["api_key", "headers", "env"]).execute(),
    read.selectFrom("mcp_user_credentials").select(["api_key", "headers", "env"]).execute(),
    read.selectFrom("llm_providers").select(["api_key", "api_keys"]).execute(),
    read.selectFrom("builtin_tool_settings").select(["name", "settings"]).where("settings", "<>", "{}").execute(),
    read.selectFrom("channel_instances").select("credentials").execute(),
  ]);
  const keys = providers.flatMap(({ api_key, api_keys }) => [api_key, ...fromJson<readonly string[]>(api_keys)]);
  const secrets = settings.flatMap(({ name, settings: stored }) => {
    const secretFields = tools.get(name)?.settings?.secrets ?? [];
    const values = Object.entries(fromJson<Readonly<Record<string, unknown>>>(stored));
    return values.flatMap(([field, value]) => (secretFields.includes(field) ? String(value) : []));
  });
  return [
    ...keys,
    ...secrets,
    ...[...servers, ...ofUsers].flatMap(sealedTextsOf),
    ...channels.flatMap(channelSecretsOf),
  ];
}
