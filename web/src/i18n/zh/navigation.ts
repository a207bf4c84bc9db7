import type { Texts } from "#web/i18n/texts.ts";

export const navigation: Texts["navigation"] = {
  home: "首页",
  chat: "对话",
  agents: "智能体",
  runs: "运行",
  tools: "工具",
  knowledge: "知识",
  channels: "渠道",
  usage: "用量",
  settings: "设置",
};
