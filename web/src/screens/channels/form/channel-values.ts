import {
  CHANNEL_TYPES,
  type ChannelTypeName,
  type CredentialName,
  findChannelType,
  type Instance,
} from "#web/screens/channels/channel-types.ts";
import { type ConfigValues, toConfigValues } from "#web/screens/channels/form/config-values.ts";

/** What the form of an account holds. */
export interface ChannelValues {
  readonly name: string;
  readonly display_name: string;
  readonly channel_type: ChannelTypeName;
  readonly agent_id: string;
  /** Empty ones are kept as they are stored. */
  readonly credentials: Record<CredentialName, string>;
  readonly config: ConfigValues;
}

const NO_CREDENTIALS: Record<CredentialName, string> = {
  ...{ token: "", api_server: "", webhook_secret: "", secret: "", bot_token: "", app_token: "", user_token: "" },
  ...{ app_id: "", app_secret: "", page_access_token: "", verify_token: "", api_key: "" },
};

/** Returns what the form begins with: a stored account, or a new one of a type. */
export function toChannelValues(instance: Instance | undefined, type: ChannelTypeName): ChannelValues {
  const usual = (findChannelType(type) ?? CHANNEL_TYPES.telegram).usual;
  return {
    name: instance?.name ?? "",
    display_name: instance?.display_name ?? "",
    channel_type: type,
    agent_id: instance?.agent_id ?? "",
    credentials: { ...NO_CREDENTIALS },
    config: toConfigValues(instance?.config ?? {}, usual),
  };
}
