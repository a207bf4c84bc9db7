import type { InputOf, OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";

export type Instance = OutputOf<"channels.instances.get">;
export type ChannelTypeName = InputOf<"channels.instances.create">["channel_type"];
export type CredentialName = keyof Texts["channels"]["credentialFields"];
export type ConfigName = keyof Texts["channels"]["configFields"];

interface ChannelType {
  readonly label: string;
  /** Whether this release has a connector for it. */
  readonly isBuilt: boolean;
  /** What must be entered, and what may be. */
  readonly credentials: readonly { readonly name: CredentialName; readonly isRequired: boolean }[];
  /** Settings beside those that all types have. */
  readonly config: readonly ConfigName[];
  /** What applies where nothing is set. */
  readonly usual: { readonly dm_policy: string; readonly require_mention: boolean };
}

const needs = (...names: readonly CredentialName[]) => names.map((name) => ({ name, isRequired: true }));
const takes = (...names: readonly CredentialName[]) => names.map((name) => ({ name, isRequired: false }));
const PLATFORM = {
  isBuilt: false,
  credentials: [],
  config: [],
  usual: { dm_policy: "pairing", require_mention: true },
} as const;

/** What a person enters for an account of each type. The names are those of the platforms themselves. */
export const CHANNEL_TYPES: Readonly<Record<ChannelTypeName, ChannelType>> = {
  telegram: {
    ...PLATFORM,
    label: "Telegram",
    isBuilt: true,
    credentials: [...needs("token"), ...takes("api_server", "webhook_secret")],
    config: ["connection_mode", "webhook_url", "media_max_mb", "link_preview"],
  },
  webhook: {
    label: "Webhook",
    isBuilt: true,
    credentials: needs("secret"),
    config: ["callback_url", "reply_wait_ms"],
    usual: { dm_policy: "open", require_mention: false },
  },
  discord: { ...PLATFORM, label: "Discord", credentials: needs("token") },
  slack: {
    ...PLATFORM,
    label: "Slack",
    credentials: [...needs("bot_token", "app_token"), ...takes("user_token")],
    config: ["media_max_mb"],
  },
  whatsapp: {
    ...PLATFORM,
    label: "WhatsApp",
    config: ["bridge_url"],
    usual: { ...PLATFORM.usual, require_mention: false },
  },
  facebook: {
    ...PLATFORM,
    label: "Facebook Messenger",
    credentials: needs("page_access_token", "app_secret", "verify_token"),
    config: ["page_id"],
  },
  feishu: { ...PLATFORM, label: "Feishu / Lark", credentials: needs("app_id", "app_secret"), config: ["domain"] },
  zalo_oa: { ...PLATFORM, label: "Zalo OA", credentials: needs("token"), config: ["media_max_mb"] },
  zalo_personal: { ...PLATFORM, label: "Zalo" },
  pancake: { ...PLATFORM, label: "Pancake", credentials: needs("api_key", "page_access_token"), config: ["page_id"] },
  bitrix24: { ...PLATFORM, label: "Bitrix24", config: ["portal", "bot_code", "bot_name"] },
};

export const CHANNEL_TYPE_NAMES = Object.keys(CHANNEL_TYPES) as readonly ChannelTypeName[];

/** Returns what a type is called. A later release may have types that are unknown here. */
export const typeLabelOf = (name: string): string => findChannelType(name)?.label ?? name;

export const findChannelType = (name: string): ChannelType | undefined =>
  Object.hasOwn(CHANNEL_TYPES, name) ? CHANNEL_TYPES[name as ChannelTypeName] : undefined;
