import type { Texts } from "#web/i18n/texts.ts";

export const ui: Texts["ui"] = {
  close: "关闭",
  cancel: "取消",
  save: "保存",
  copy: "复制",
  copied: "已复制",
  delete: "删除",
  tryAgain: "重试",
  loading: "加载中",
  loadMore: "加载更多",
  search: "搜索",
  none: "无",
  undo: "撤销",
  more: "更多操作",
  show: "显示",
  hide: "隐藏",
  requestId: "请求编号",
  failed: "此部分无法加载",
  forbidden: "您无权查看此内容",
  typeToConfirm: (name) => `输入 ${name} 以确认`,
  required: "必填",
};
