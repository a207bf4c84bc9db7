import type { Texts } from "#web/i18n/texts.ts";

export const signIn: Texts["signIn"] = {
  title: "Đăng nhập GoClaw",
  byLink: "Chạy lệnh này tại máy chạy cổng rồi mở liên kết được in ra:",
  byToken: "Hoặc dùng token",
  token: "Token của cổng hoặc khóa API",
  tokenHint: "Chỉ gửi đến cổng. Trình duyệt giữ một cookie mà không tập lệnh nào đọc được.",
  user: "Mã người dùng",
  userHint: "Bạn hành động thay cho ai. Để trống để dùng mặc định.",
  submit: "Đăng nhập",
  byPairing: "Hoặc xin được cho vào",
  askPairing: "Hỏi quản trị viên",
  pairingCode: "Đưa mã này cho quản trị viên để duyệt tại Cài đặt › Trình duyệt:",
  pairingWaits: "Đang chờ phê duyệt…",
  pairingExpired: "Mã đã hết hạn. Hãy hỏi lại.",
  unreachable: "Không kết nối được với cổng",
};
