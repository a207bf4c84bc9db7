import { configTemplate } from "#app/config/config-template.ts";
import { editText } from "#app/config/file/edit-text.ts";
import { mergePatch } from "#app/config/file/merge-patch.ts";
import { keysOfEnvironment, type ParsedConfig, parseConfig } from "#app/config/file/parse-config.ts";
import { parseSections, type Sections, unusable } from "#app/config/file/parse-sections.ts";
import { hasMask, restoreMasked } from "#app/config/file/restore-masked.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { requireStrongToken } from "#app/config/require-strong-token.ts";
import { gatewayToken } from "#app/gateway-secrets.ts";
import type { Home } from "#app/home/home.ts";
import { StartError } from "#app/start-error.ts";
import { LIMITS } from "#base/limits.ts";
import type { ConfigChange } from "#core/live/config-store.ts";

/** A configuration that would load, with the text of its file. */
export interface ConfigDraft extends ParsedConfig {
  readonly text: string;
}

/** Makes the next configuration from the text of the file. Throws `StartError` if the gateway would not start with it. */
export function draftConfig(
  { kind, raw }: ConfigChange,
  before: string,
  { home, env }: { readonly home: Home; readonly env: Environment },
): ConfigDraft {
  const file = home.configFile;
  const sent = parseSections(raw, "raw");
  if (!isWithin(sent, LIMITS.jsonDepth)) throw unusable(`raw nests deeper than ${LIMITS.jsonDepth} levels.`);
  const base = kind === "patch" ? before || configTemplate() : raw;
  const stored = kind === "patch" ? parseSections(base, file) : sectionsOf(before, file);
  // Safe: an object that is merged into an object makes an object.
  const wanted = kind === "patch" ? (mergePatch(stored, sent) as Sections) : sent;
  const content = hasMask(wanted) ? restoreMasked(wanted, stored, keysOfEnvironment(env)) : wanted;

  const parsed = parseConfig(content, { file, env });
  const { auth, host } = parsed.config.gateway;
  if (auth === "token") requireStrongToken(gatewayToken(parsed.config, home), host);
  return { ...parsed, text: editText(base, kind === "patch" ? stored : sent, content) };
}

/** Returns the content of the file as far as it can be read. */
function sectionsOf(text: string, file: string): Sections {
  try {
    return parseSections(text, file);
  } catch (thrown) {
    if (thrown instanceof StartError) return {};
    throw thrown;
  }
}

/** Returns whether a value nests at most this deep. What reads it recurses. */
function isWithin(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== "object") return true;
  return levels > 0 && Object.values(value).every((part) => isWithin(part, levels - 1));
}
