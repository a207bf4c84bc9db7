import type { Texts } from "#web/i18n/texts.ts";
import { agents } from "#web/i18n/vi/agents.ts";
import { channels } from "#web/i18n/vi/channels.ts";
import { chat } from "#web/i18n/vi/chat.ts";
import { conversation } from "#web/i18n/vi/conversation.ts";
import { home } from "#web/i18n/vi/home.ts";
import { knowledge } from "#web/i18n/vi/knowledge.ts";
import { navigation } from "#web/i18n/vi/navigation.ts";
import { runs } from "#web/i18n/vi/runs.ts";
import { settings } from "#web/i18n/vi/settings.ts";
import { shell } from "#web/i18n/vi/shell.ts";
import { signIn } from "#web/i18n/vi/sign-in.ts";
import { tools } from "#web/i18n/vi/tools.ts";
import { ui } from "#web/i18n/vi/ui.ts";
import { usage } from "#web/i18n/vi/usage.ts";

export const texts: Texts = {
  agents,
  channels,
  chat,
  conversation,
  home,
  knowledge,
  navigation,
  runs,
  settings,
  shell,
  signIn,
  tools,
  ui,
  usage,
};
