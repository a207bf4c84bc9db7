import type { Texts } from "#web/i18n/texts.ts";

export const signIn: Texts["signIn"] = {
  title: "登录 GoClaw",
  byLink: "在网关所在的机器上运行此命令，并打开它输出的链接：",
  byToken: "或使用令牌",
  token: "网关令牌或 API 密钥",
  tokenHint: "仅发送给网关。浏览器只保存脚本无法读取的 Cookie。",
  user: "用户 ID",
  userHint: "您代表谁操作。留空则使用默认值。",
  submit: "登录",
  byPairing: "或请求准入",
  askPairing: "请求管理员",
  pairingCode: "将此代码告知管理员，由其在“设置 › 浏览器”中批准：",
  pairingWaits: "正在等待批准…",
  pairingExpired: "代码已过期，请重新请求。",
  unreachable: "无法连接网关",
};
