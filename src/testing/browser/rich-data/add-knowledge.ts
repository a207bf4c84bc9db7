import { aForm } from "#testing/a-form.ts";
import { aPhoto } from "#testing/a-photo.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";

/** Memory as agent, path, content and, where it is of one user alone, the user. */
const MEMORY: readonly (readonly [agent: string, path: string, content: string, user?: string])[] = [
  [
    "support",
    "MEMORY.md",
    "# What lasts\n\n- The carrier does not deliver on Saturdays to islands.\n- Size charts of the boots run one size small.\n- Gift cards cannot be refunded, only exchanged.\n",
  ],
  [
    "support",
    "memory/returns.md",
    "# Returns\n\nReturns are free for 60 days. After that, the customer pays 6.90 €.\n",
  ],
  ["support", "memory/lan.md", "Lan prefers a call in the morning before 10:00.\n", "lan"],
  [
    "release",
    "memory/incidents/backup.md",
    "# Slow backup\n\nThe nightly backup competes with the report job since it moved to 02:00. The fix is to move the report to 04:30.\n",
  ],
  ["release", "memory/on-call.md", "Minh is on call in even weeks, Grace in odd weeks.\n"],
  [
    "ke-toan",
    "memory/thue.md",
    "# Thuế\n\n- Hạn nộp thuế GTGT hằng tháng: ngày 20.\n- Hóa đơn trên 20 triệu phải chuyển khoản.\n",
  ],
  ["ke-toan", "memory/khach-hang/an-phat.md", "Công ty An Phát thường thanh toán chậm 15 ngày.\n"],
  ["shichang-yanjiu", "memory/竞争对手.md", "# 竞争对手\n\n- 山野：价格低，配送慢\n- 远行：高端，只有线上门店\n"],
  [
    "writer",
    "memory/words-we-avoid.md",
    "Avoid: adventure, epic, unleash, journey. Say where, what weather, how long.\n",
  ],
];

const FILES: readonly (readonly [folder: string, name: string, content: string])[] = [
  ["", "README.md", "# Shared files of the company\n\nReports come on Mondays.\n"],
  ["reports", "sales-october.csv", "day,orders,revenue\n2026-10-01,41,3120.50\n2026-10-02,38,2894.00\n"],
  ["reports", "visitors.json", '{\n  "week": 47,\n  "visitors": 18240,\n  "bounce": 0.31\n}\n'],
  ["reports/2026", "q3.md", "# Third quarter\n\n| | Q2 | Q3 |\n|--|--|--|\n| Orders | 3 410 | 3 902 |\n"],
  ["hóa-đơn", "an-phat-0923.txt", "Hóa đơn 0923\nSố tiền: 18.400.000 ₫\n"],
  ["scripts", "cleanup.sh", "#!/bin/sh\nset -eu\nfind /var/tmp -mtime +7 -delete\n"],
];

/** Adds what agents remember, files of the workspace, and media. Returns the ids of pictures, for messages. */
export async function addKnowledge({ send, clock }: RichMaker): Promise<readonly string[]> {
  for (const [agent_id, path, content, user_id] of MEMORY) {
    await send("POST", "/v1/memory", { agent_id, path, content, ...(user_id && { user_id }) });
    clock.pass(60_000);
  }
  for (const [folder, name, content] of FILES) {
    const query = folder === "" ? "" : `?path=${encodeURIComponent(folder)}`;
    await send("POST", `/v1/storage/files${query}`, aForm(name, content));
  }
  const pictures = await Promise.all([30, 120].map(async (shade) => aPhoto(640, 400, shade).png().bytes()));
  const query = `?path=${encodeURIComponent("pictures")}`;
  for (const [index, bytes] of pictures.entries()) {
    await send("POST", `/v1/storage/files${query}`, aForm(`boot-${index + 1}.png`, new Blob([bytes])));
  }
  const ids: string[] = [];
  for (const [index, bytes] of pictures.entries()) {
    ids.push((await send("POST", "/v1/media/upload", aForm(`damaged-boot-${index + 1}.png`, new Blob([bytes])))).id);
  }
  return ids;
}
