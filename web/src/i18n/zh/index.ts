import type { Texts } from "#web/i18n/texts.ts";
import { agents } from "#web/i18n/zh/agents.ts";
import { channels } from "#web/i18n/zh/channels.ts";
import { chat } from "#web/i18n/zh/chat.ts";
import { conversation } from "#web/i18n/zh/conversation.ts";
import { home } from "#web/i18n/zh/home.ts";
import { knowledge } from "#web/i18n/zh/knowledge.ts";
import { navigation } from "#web/i18n/zh/navigation.ts";
import { runs } from "#web/i18n/zh/runs.ts";
import { settings } from "#web/i18n/zh/settings.ts";
import { shell } from "#web/i18n/zh/shell.ts";
import { signIn } from "#web/i18n/zh/sign-in.ts";
import { tools } from "#web/i18n/zh/tools.ts";
import { ui } from "#web/i18n/zh/ui.ts";
import { usage } from "#web/i18n/zh/usage.ts";

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
