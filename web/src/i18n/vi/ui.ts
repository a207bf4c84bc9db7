import type { Texts } from "#web/i18n/texts.ts";

export const ui: Texts["ui"] = {
  close: "Đóng",
  cancel: "Hủy",
  save: "Lưu",
  copy: "Sao chép",
  copied: "Đã sao chép",
  delete: "Xóa",
  tryAgain: "Thử lại",
  loading: "Đang tải",
  loadMore: "Tải thêm",
  search: "Tìm kiếm",
  none: "Không có",
  undo: "Hoàn tác",
  more: "Thao tác khác",
  show: "Hiện",
  hide: "Ẩn",
  requestId: "Mã yêu cầu",
  failed: "Không tải được phần này",
  forbidden: "Bạn không được xem phần này",
  typeToConfirm: (name) => `Nhập ${name} để xác nhận`,
  required: "Bắt buộc",
};
