import { answer, type Conversation, chat, useTool } from "#testing/browser/rich-data/hold-conversation.ts";

const RECONCILED = `Đã đối soát xong tháng 10. **Có hai chênh lệch.**

| Hóa đơn | Khách hàng | Số tiền | Trạng thái |
|--|--|--:|--|
| 0923 | An Phát | 18.400.000 ₫ | thanh toán chậm 15 ngày |
| 0931 | Minh Long | 7.250.000 ₫ | thiếu 250.000 ₫ |
| 0940 | Sao Mai | 32.000.000 ₫ | ✓ |

Việc cần làm:

- Gọi An Phát trước thứ Sáu
- Gửi lại hóa đơn 0931`;

const REPORT = `## 结论

竞争对手“山野”在十月**降价 12%**，但配送时间从 2 天延长到 4 天。

| 公司 | 价格指数 | 配送 | 评分 |
|--|--:|--:|--:|
| 我们 | 100 | 2 天 | 4.6 |
| 山野 | 88 | 4 天 | 4.1 |
| 远行 | 131 | 3 天 | 4.7 |

### 建议

1. 不跟随降价。
2. 在商品页上写明配送时间。
3. 下个月再看一次用户评价。`;

const NEWSLETTER = `**Subject:** Fog until ten, then sun

The huts above 2,000 m close next Sunday. Three walks that need no hut:

1. *Lake round*, 4 h, easy
2. *North ridge*, 6 h, gloves needed
3. *Old mine*, 3 h, good with children

What to pack is on one page. It fits into your pocket.`;

/** What accounting, research, marketing and analysis work on. */
export const OFFICE_CONVERSATIONS: readonly Conversation[] = [
  {
    ...{ name: "doi-soat-thang-10", agent: "ke-toan", user: "lan", title: "Đối soát công nợ tháng 10" },
    turns: [
      {
        says: "Đối soát công nợ tháng 10 giúp tôi.",
        steps: [
          useTool(
            "use_skill",
            { name: "doi-soat-cong-no" },
            { reasoning: "Trước hết đọc quy trình đối soát, sau đó so từng dòng với sao kê." },
          ),
          answer(RECONCILED, { seconds: 11 }),
        ],
      },
      chat(
        "Soạn email nhắc An Phát.",
        "Kính gửi Quý công ty An Phát,\n\nHóa đơn 0923 (18.400.000 ₫) đã quá hạn 15 ngày. Mong Quý công ty thanh toán trước thứ Sáu.\n\nTrân trọng,\nPhòng Kế toán",
      ),
    ],
  },
  {
    ...{ name: "ty-gia", agent: "ke-toan", user: "lan", title: "Tỷ giá euro hôm nay" },
    turns: [
      {
        says: "Tỷ giá EUR/VND hôm nay?",
        steps: [useTool("exchange_rate", { currency: "VND" }), answer("Hôm nay 1 EUR = **28.450,50 ₫**.")],
      },
    ],
  },
  {
    ...{ name: "thue-gtgt", agent: "ke-toan", title: "Hạn nộp thuế GTGT" },
    turns: [
      chat(
        "Hạn nộp thuế GTGT tháng này là ngày nào?",
        "Hạn nộp là **ngày 20**. Hồ sơ cần: tờ khai 01/GTGT và bảng kê hóa đơn.",
      ),
    ],
  },
  {
    ...{ name: "jingzheng", agent: "shichang-yanjiu", user: "wang.fang", title: "十月竞争对手价格对比" },
    turns: [
      {
        says: "比较一下十月份我们和竞争对手的价格和配送。",
        steps: [
          useTool(
            "web_fetch",
            { url: "https://shanye.example.cn/prices" },
            { reasoning: "先看对手的价格页。如果打不开，就用上个月保存的数据。" },
          ),
          answer(REPORT, { reasoning: "网页无法访问，所以使用记忆中的数据，并在报告里说明。", seconds: 16 }),
        ],
      },
    ],
  },
  {
    ...{ name: "yonghu-fankui", agent: "shichang-yanjiu", user: "wang.fang", title: "用户反馈摘要" },
    turns: [
      chat("总结这周的用户反馈。", "- **帐篷**：好评最多，安装快\n- **登山鞋**：尺码偏小\n- **配送**：岛屿地区太慢"),
      chat("哪一条最紧急？", "登山鞋的尺码。退货中有 **38%** 是因为尺码。"),
    ],
  },
  {
    ...{ name: "newsletter-46", agent: "writer", user: "grace", title: "Newsletter of week 46" },
    turns: [
      chat("Write the newsletter of week 46: late autumn, huts close.", NEWSLETTER, {
        reasoning: "No big words. Weather first, then three walks.",
        seconds: 12,
      }),
      chat("Shorter subject.", "**Subject:** Fog, then sun"),
    ],
  },
  {
    ...{ name: "product-page", agent: "writer", user: "grace", title: "Product page of the Fjell 3 tent" },
    turns: [
      chat(
        "A product page for the Fjell 3.",
        "# Fjell 3\n\nStands in four minutes, alone and with gloves.\n\n- **2.1 kg** with everything\n- 3 000 mm, seams taped\n- Poles that can be replaced one by one",
      ),
    ],
  },
  {
    ...{ name: "post-about-repairs", agent: "writer", title: "A post about our repair shop" },
    turns: [
      chat("A short post about repairs.", "A zip costs 14 €. A new jacket costs 240 €. We do zips on Thursdays."),
    ],
  },
  {
    ...{ name: "sales-october", agent: "analyst", user: "grace", title: "Sales of October by country" },
    turns: [
      chat(
        "Sales of October by country?",
        "| Country | Orders | Revenue | Change |\n|--|--:|--:|--:|\n| Germany | 1 204 | 98 300 € | +6 % |\n| Vietnam | 611 | 41 020 € | +19 % |\n| France | 402 | 30 770 € | −3 % |\n\nVietnam grew most, **because shipping got cheaper**.",
      ),
    ],
  },
  {
    ...{ name: "returns-by-size", agent: "analyst", user: "wang.fang", title: "Returns by size" },
    turns: [
      chat(
        "Which sizes come back most?",
        "Sizes 41 and 42: together **57 %** of all returns. Everybody who sends 41 back orders 42.",
      ),
    ],
  },
  {
    ...{ name: "visitors-47", agent: "analyst", title: "Visitors of week 47" },
    turns: [
      chat(
        "How many visitors did we have?",
        "**18 240**, which is 4 % more than in week 46. The bounce rate was 31 %.",
      ),
    ],
  },
  {
    ...{ name: "forecast", agent: "analyst", user: "grace", title: "Forecast for December" },
    turns: [
      chat(
        "What do we sell in December?",
        "Between 4 300 and 4 900 orders, if the weather stays cold:\n\n$$\\hat y = 3900 \\cdot 1.18$$\n\nThe largest risk is the carrier.",
        { reasoning: "Three years of data: growth of 14 to 21 percent from November to December." },
      ),
      chat("And if it does not?", "Then about 3 800."),
    ],
  },
  {
    ...{ name: "shipping-costs", agent: "analyst", title: "What shipping costs us" },
    turns: [chat("Average shipping cost per parcel?", "6.12 € per parcel, 0.31 € less than last quarter.")],
  },
];
