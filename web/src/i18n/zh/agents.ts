import type { Texts } from "#web/i18n/texts.ts";

export const agents: Texts["agents"] = {
  title: "智能体",
  create: "新建智能体",
  search: "搜索智能体",
  empty: "还没有智能体",
  emptyHint: "智能体使用服务商的模型，按照其指令并借助其工具来回答。",
  noMatch: "没有匹配的智能体",
  name: "智能体",
  key: "标识",
  keyHint: "小写字母、数字和连字符，用于调用和链接。",
  displayName: "名称",
  model: "模型",
  provider: "服务商",
  owner: "所有者",
  status: "状态",
  updated: "更改时间",
  isDefault: "默认",
  statuses: {
    active: "启用",
    inactive: "停用",
    summoning: "创建中",
    summon_failed: "创建失败",
  },
};
