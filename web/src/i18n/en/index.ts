import { agents } from "#web/i18n/en/agents.ts";
import { channels } from "#web/i18n/en/channels.ts";
import { chat } from "#web/i18n/en/chat.ts";
import { conversation } from "#web/i18n/en/conversation.ts";
import { home } from "#web/i18n/en/home.ts";
import { knowledge } from "#web/i18n/en/knowledge.ts";
import { navigation } from "#web/i18n/en/navigation.ts";
import { runs } from "#web/i18n/en/runs.ts";
import { settings } from "#web/i18n/en/settings.ts";
import { shell } from "#web/i18n/en/shell.ts";
import { signIn } from "#web/i18n/en/sign-in.ts";
import { tools } from "#web/i18n/en/tools.ts";
import { ui } from "#web/i18n/en/ui.ts";
import { usage } from "#web/i18n/en/usage.ts";

export const texts = {
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
