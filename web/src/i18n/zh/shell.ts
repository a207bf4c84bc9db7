import type { Texts } from "#web/i18n/texts.ts";

export const shell: Texts["shell"] = {
  skip: "跳到内容",
  navigation: "导航",
  search: "搜索或前往…",
  more: "更多",
  goTo: "前往",
  conversations: "会话",
  nothingFound: "未找到任何内容",
  signOut: "退出登录",
  reconnecting: "正在重新连接网关…",
  noSuchPage: "没有此页面",
  goHome: "返回首页",
  wasUpdated: "GoClaw 已更新。请重新加载页面以继续。",
  fault: "此页面出现错误，其他页面仍可使用。",
  changeTenant: (name) => `切换租户，当前为 ${name}`,
  chatWith: (name) => `与 ${name} 对话`,
  roles: {
    viewer: "查看者",
    operator: "操作员",
    admin: "管理员",
    owner: "所有者",
  },
  themes: {
    system: "跟随系统",
    light: "浅色",
    dark: "深色",
  },
};
