import type { Texts } from "#web/i18n/texts.ts";

export const navigation: Texts["navigation"] = {
  home: "Trang chủ",
  chat: "Trò chuyện",
  agents: "Tác nhân",
  runs: "Lượt chạy",
  tools: "Công cụ",
  knowledge: "Tri thức",
  channels: "Kênh",
  usage: "Mức dùng",
  settings: "Cài đặt",
};
