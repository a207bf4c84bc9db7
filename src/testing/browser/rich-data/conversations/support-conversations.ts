import { answer, type Conversation, chat, useTool } from "#testing/browser/rich-data/hold-conversation.ts";

const REFUND = `The refund is on its way. **Nothing more for you to do.**

| What | Amount |
|--|--:|
| Trekking boots, size 42 | 149.00 € |
| Shipping | 6.90 € |
| **Total** | **155.90 €** |

1. The bank needs *two to four days*.
2. You get a mail from \`billing@shop.example\` when the money is out.
3. Please keep the boots until then.
`;

const LETTER = `Here is a letter that you can send:

> Dear Ms Okafor,
>
> the stitching of your boots should not have come loose after three weeks. A new pair left our warehouse this morning.
>
> Warm regards,
> Robin

Shall I also offer free insoles?`;

/** What customers and their support talk about. */
export const supportConversations = (pictures: readonly string[]): readonly Conversation[] => [
  {
    ...{ name: "refund-a-10442", agent: "support", user: "grace", title: "Refund for order A-10442" },
    turns: [
      {
        says: "Where is order A-10442, and can the customer have the money back?",
        steps: [
          useTool(
            "order_status",
            { order: "A-10442" },
            {
              reasoning:
                "The order must be found first. Then the refund policy decides: below 200 €, so no approval is needed.",
            },
          ),
          answer(REFUND),
        ],
      },
      chat(
        "Thanks! How long does the bank need?",
        "Two to four working days. Most banks show it **on the third day**.",
      ),
    ],
  },
  {
    ...{
      name: "loose-stitching",
      agent: "support",
      user: "grace",
      title: "Loose stitching on new boots, with pictures",
    },
    turns: [
      {
        ...{ says: "A customer sent these pictures. Is this covered?", attachments: pictures },
        steps: [
          answer(
            "Yes. Both pictures show a seam that came apart **along the welt**, which wear does not do. This is covered for two years.\n\n- Send a new pair\n- No return of the old one needed",
            { seconds: 7 },
          ),
        ],
      },
      { says: "Write the letter, please.", steps: [useTool("use_skill", { name: "refund-letter" }), answer(LETTER)] },
    ],
  },
  {
    ...{ name: "giao-hang-cham", agent: "support", user: "lan", title: "Giao hàng chậm ở Đà Nẵng" },
    turns: [
      {
        says: "Khách ở Đà Nẵng hỏi đơn A-10518 đang ở đâu?",
        steps: [
          useTool("order_status", { order: "A-10518" }),
          answer(
            "Đơn hàng đã được giao cho đơn vị vận chuyển hôm thứ Ba và **dự kiến đến vào thứ Năm**. Khách không cần làm gì thêm.",
          ),
        ],
      },
    ],
  },
  {
    ...{ name: "gift-card", agent: "support", user: "lan", title: "Gift card that was paid twice" },
    turns: [
      chat(
        "A gift card was charged twice. What do we do?",
        "Refund the second charge and keep the card as it is:\n\n```sql\nselect id, amount, created_at\nfrom charges\nwhere order_id = 'A-10311'\norder by created_at;\n```\n\nThe later of the two rows is the one to refund.",
      ),
    ],
  },
  {
    ...{ name: "tent-poles", agent: "support", user: "minh", title: "Spare poles for a tent from 2019" },
    turns: [
      chat(
        "Do we still have poles for the Fjell 2 tent of 2019?",
        "Yes, as a set of two: **FP-2019-2**, 24.50 €. They fit tents that were built until 2021.",
      ),
    ],
  },
  {
    ...{ name: "tax-invoice", agent: "support", user: "grace", title: "Invoice with the VAT number of a company" },
    turns: [
      {
        says: "The customer of A-10442 needs an invoice with their VAT number DE811234567.",
        steps: [
          useTool("delegate", {
            agent_key: "ke-toan",
            task: "Write a corrected invoice for order A-10442 with the VAT number DE811234567.",
          }),
          // What the other agent says.
          answer("Hóa đơn điều chỉnh **R-2026-1187** đã sẵn sàng. Mã số thuế DE811234567 hợp lệ."),
          answer(
            "Accounting has written the corrected invoice **R-2026-1187**. I attached the VAT number DE811234567, which is valid. The customer gets it by mail within the hour.",
          ),
        ],
      },
    ],
  },
  {
    ...{ name: "who-is-on-duty", agent: "front-desk", user: "lan", title: "Hôm nay ai trực?" },
    turns: [
      {
        says: "Bây giờ là mấy giờ ở Hà Nội, và hôm nay ai trực?",
        steps: [
          useTool("datetime", { timezone: "Asia/Ho_Chi_Minh" }),
          answer("Bây giờ là buổi sáng ở Hà Nội. Tuần này **Minh** trực, Grace thay từ thứ Sáu."),
        ],
      },
    ],
  },
  {
    ...{ name: "opening-hours", agent: "front-desk", title: "Opening hours between the years" },
    turns: [
      chat(
        "When are we open between Christmas and New Year?",
        "- **24–26 December:** closed\n- **27–30 December:** 10:00–16:00\n- **31 December:** closed",
      ),
      chat("And the phone?", "The phone is answered on the same days, from 10:00 to 14:00."),
    ],
  },
  {
    ...{
      name: "lost-parcel",
      agent: "support",
      user: "minh",
      title:
        "A parcel that the carrier says was delivered to a neighbour whom nobody in the house has ever heard of, and what we offer in such a case",
    },
    turns: [
      chat(
        "The carrier says 'delivered to neighbour K. Brandt'. Nobody knows them.",
        "Open an inquiry with the carrier today. If there is no signature by tomorrow 12:00, send a new parcel. **Do not ask the customer to search for the neighbour.**",
      ),
    ],
  },
  {
    ...{ name: "size-chart", agent: "support", user: "lan", title: "Bảng size giày leo núi" },
    turns: [
      chat(
        "Khách đi giày 41 thì nên chọn size nào?",
        "Giày của chúng ta nhỏ hơn một size, nên chọn **42**. Nếu mang tất dày thì chọn 42.5.",
      ),
    ],
  },
];
