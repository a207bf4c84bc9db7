import type { Texts } from "#web/i18n/texts.ts";
import type { ConfigName } from "#web/screens/channels/channel-types.ts";

type Choice = keyof Texts["channels"]["choices"];

/** How a person enters a setting. */
export type ConfigField =
  | { readonly kind: "text" | "list" }
  | { readonly kind: "flag"; readonly usual: boolean }
  | { readonly kind: "number"; readonly unit?: string }
  | { readonly kind: "choice"; readonly choices: readonly Choice[]; readonly usual: string };

export type ConfigValue = string | boolean | readonly string[];
export type ConfigValues = Record<ConfigName, ConfigValue>;

const TEXT = { kind: "text" } as const;
const OFF = { kind: "flag", usual: false } as const;

export const CONFIG_FIELDS: Readonly<Record<ConfigName, ConfigField>> = {
  connection_mode: { kind: "choice", choices: ["polling", "webhook"], usual: "polling" },
  webhook_url: TEXT,
  media_max_mb: { kind: "number", unit: "MB" },
  link_preview: OFF,
  callback_url: TEXT,
  reply_wait_ms: { kind: "number", unit: "ms" },
  bridge_url: TEXT,
  page_id: TEXT,
  portal: TEXT,
  bot_code: TEXT,
  bot_name: TEXT,
  domain: TEXT,
  dm_policy: { kind: "choice", choices: ["pairing", "allowlist", "open", "disabled"], usual: "pairing" },
  group_policy: { kind: "choice", choices: ["open", "pairing", "allowlist", "disabled"], usual: "open" },
  allow_from: { kind: "list" },
  group_allow_from: { kind: "list" },
  require_mention: { kind: "flag", usual: true },
  history_limit: { kind: "number" },
  on_busy: { kind: "choice", choices: ["usual", "queue", "steer", "interrupt"], usual: "usual" },
  debounce_ms: { kind: "number", unit: "ms" },
  locale: { kind: "choice", choices: ["usual", "en", "vi", "zh"], usual: "usual" },
  dm_stream: OFF,
  group_stream: OFF,
};

const CONFIG_NAMES = Object.keys(CONFIG_FIELDS) as readonly ConfigName[];

type Stored = Readonly<Record<string, unknown>>;
type Usual = Readonly<Partial<Record<ConfigName, ConfigValue>>>;

/** Returns what a form shows for stored settings. `usual` says what applies to the type where nothing is stored. */
export const toConfigValues = (stored: Stored, usual: Usual): ConfigValues =>
  Object.fromEntries(
    CONFIG_NAMES.map((name) => [name, toConfigValue(CONFIG_FIELDS[name], stored[name], usual[name])]),
  ) as ConfigValues;

function toConfigValue(field: ConfigField, stored: unknown, usual: ConfigValue | undefined): ConfigValue {
  switch (field.kind) {
    case "flag":
      return Boolean(stored ?? usual ?? field.usual);
    case "list":
      return Array.isArray(stored) ? stored.map(String) : [];
    case "choice":
      return String(stored ?? usual ?? field.usual);
    default:
      return stored === undefined || stored === null ? "" : String(stored);
  }
}

/**
 * Returns the settings to store: those that were stored, with what differs in the form. What nobody touched is left as
 * it is, so that a later release may change what is usual.
 */
export function toConfig(stored: Stored, shown: ConfigValues, written: ConfigValues, names: readonly ConfigName[]) {
  const config: Record<string, unknown> = { ...stored };
  for (const name of names) {
    const value = written[name];
    if (JSON.stringify(value) === JSON.stringify(shown[name])) continue;
    if (value === "" || value === "usual") delete config[name];
    // What is no number goes as it is, and the gateway says so at the field.
    else if (CONFIG_FIELDS[name].kind === "number") config[name] = Number.isNaN(Number(value)) ? value : Number(value);
    else config[name] = value;
  }
  return config;
}
