import type { Texts } from "#web/i18n/texts.ts";

export const shell: Texts["shell"] = {
  skip: "Đến nội dung chính",
  navigation: "Các màn hình",
  search: "Tìm hoặc đi đến…",
  more: "Thêm",
  goTo: "Đi đến",
  conversations: "Cuộc trò chuyện",
  nothingFound: "Không tìm thấy gì",
  signOut: "Đăng xuất",
  reconnecting: "Đang kết nối lại với cổng…",
  noSuchPage: "Không có trang này",
  goHome: "Về trang chủ",
  wasUpdated: "GoClaw đã được cập nhật. Hãy tải lại trang để tiếp tục.",
  fault: "Trang này gặp lỗi. Các trang khác vẫn hoạt động.",
  changeTenant: (name) => `Đổi không gian, hiện là ${name}`,
  chatWith: (name) => `Trò chuyện với ${name}`,
  roles: {
    viewer: "Người xem",
    operator: "Người vận hành",
    admin: "Quản trị viên",
    owner: "Chủ sở hữu",
  },
  themes: {
    system: "Theo hệ thống",
    light: "Sáng",
    dark: "Tối",
  },
};
