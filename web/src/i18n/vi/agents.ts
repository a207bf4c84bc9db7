import type { Texts } from "#web/i18n/texts.ts";

export const agents: Texts["agents"] = {
  title: "Tác nhân",
  create: "Tác nhân mới",
  search: "Tìm tác nhân",
  empty: "Chưa có tác nhân nào",
  emptyHint: "Tác nhân trả lời bằng mô hình của một nhà cung cấp, theo chỉ dẫn và công cụ của nó.",
  noMatch: "Không có tác nhân nào phù hợp",
  name: "Tác nhân",
  key: "Khóa",
  keyHint: "Chữ thường, chữ số và gạch nối. Dùng để gọi tác nhân trong API và liên kết.",
  displayName: "Tên",
  model: "Mô hình",
  provider: "Nhà cung cấp",
  owner: "Chủ sở hữu",
  status: "Trạng thái",
  updated: "Đã đổi",
  isDefault: "Mặc định",
  statuses: {
    active: "Hoạt động",
    inactive: "Tắt",
    summoning: "Đang tạo",
    summon_failed: "Tạo thất bại",
  },
};
