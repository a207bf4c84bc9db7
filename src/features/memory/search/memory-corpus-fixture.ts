/** A short document of the corpus. */
export interface CorpusDocument {
  readonly path: string;
  readonly content: string;
}

/** A question, and the document that answers it. */
export interface CorpusQuestion {
  readonly query: string;
  readonly path: string;
}

interface Language {
  readonly code: string;
  readonly names: readonly string[];
  /** Values for each kind of fact. `{n}` is the name, `{v}` the value. */
  readonly facts: readonly {
    readonly text: string;
    readonly values: readonly string[];
    readonly question: string;
  }[];
}

const ENGLISH: Language = {
  code: "en",
  names: [
    ...["Priya", "Marcus", "Olivia", "Tobias", "Fatima", "Jerome", "Ingrid", "Rafael", "Saskia", "Dmitri"],
    ...["Amara", "Colin", "Zoe", "Hassan", "Beatrix", "Nikolai", "Lucía", "Søren", "Chloé", "Thandiwe"],
  ],
  facts: [
    {
      text: "{n} drinks {v} in the morning and never takes sugar.",
      values: ["green tea", "black coffee", "oat milk", "ginger ale"],
      question: "What does {n} drink in the morning?",
    },
    {
      text: "The next review with {n} is planned in {v}, after the release.",
      values: ["Lisbon", "Warsaw", "Nairobi", "Montréal"],
      question: "where is the review with {n}",
    },
    {
      text: "{n} asked us to send invoices as {v} and to copy the finance team.",
      values: ["PDF", "spreadsheets", "paper letters", "plain text"],
      question: "invoices format {n}",
    },
    {
      text: "In the billing service, {n} owns the function {v}; call it only from a job.",
      values: ["parseInvoiceTotals", "retry_failed_webhooks", "LedgerSync.reconcile", "applyVatRules"],
      question: "which function in the billing service does {n} own",
    },
    {
      text: "Allergies of {n}: {v}. Tell the restaurant before booking.",
      values: ["peanuts", "shellfish", "gluten", "strawberries"],
      question: "{n} allergies restaurant",
    },
  ],
};

const VIETNAMESE: Language = {
  code: "vi",
  names: [
    ...["Nguyễn Thị Lan", "Trần Văn Đức", "Lê Hoàng Phúc", "Phạm Quỳnh Như", "Đặng Mỹ Linh", "Bùi Tiến Dũng"],
    ...["Võ Thùy Trang", "Hồ Xuân Hương", "Đỗ Khánh Vân", "Ngô Bảo Châu", "Lý Nhã Kỳ", "Dương Tử Quỳnh"],
    ...["Vũ Trọng Phụng", "Mai Phương Thúy", "Cao Bá Quát", "Tô Ngọc Vân", "Phan Đình Phùng", "Huỳnh Thúc Kháng"],
    ...["Châu Văn Liêm", "Đoàn Giỏi Tâm"],
  ],
  facts: [
    {
      text: "{n} thích uống {v} vào buổi sáng, không đường.",
      values: ["trà xanh", "cà phê sữa đá", "nước mía", "sinh tố bơ"],
      question: "{n} thich uong gi vao buoi sang",
    },
    {
      text: "Cuộc họp với {n} sẽ diễn ra tại {v} vào tuần tới.",
      values: ["Hà Nội", "Đà Nẵng", "Cần Thơ", "Huế"],
      question: "cuộc họp với {n} ở đâu",
    },
    {
      text: "{n} muốn nhận hóa đơn qua {v}, gửi kèm phòng kế toán.",
      values: ["thư điện tử", "bưu điện", "tin nhắn", "bản giấy"],
      question: "hoa don cua {n}",
    },
    {
      text: "Dự án của {n} dùng bảng dữ liệu {v} trong kho chung.",
      values: ["doanh_thu_thang", "khachHangMoi", "ton_kho_2026", "donHangTre"],
      question: "dự án {n} bảng dữ liệu",
    },
    {
      text: "{n} bị dị ứng với {v}, nhớ báo trước cho nhà hàng.",
      values: ["tôm", "đậu phộng", "trứng", "dứa"],
      question: "{n} di ung",
    },
  ],
};

const CHINESE: Language = {
  code: "zh",
  names: [
    ...["王小明", "李雪梅", "张伟杰", "刘思远", "陈美玲", "杨建国", "赵子龙", "黄晓燕", "周文博", "吴佳怡"],
    ...["徐志强", "孙丽华", "胡海涛", "朱婉清", "高鹏飞", "林若曦", "何俊峰", "郭春霞", "马天宇", "罗诗涵"],
  ],
  facts: [
    { text: "{n}早上喜欢喝{v}，从不加糖。", values: ["绿茶", "黑咖啡", "豆浆", "柠檬水"], question: "{n}喜欢喝什么？" },
    {
      text: "与{n}的评审会议安排在{v}，发布之后举行。",
      values: ["上海", "深圳", "成都", "杭州"],
      question: "和{n}的会议在哪里",
    },
    {
      text: "{n}要求把发票发送为{v}，并抄送财务部门。",
      values: ["电子版", "纸质版", "表格", "纯文本"],
      question: "{n} 发票",
    },
    {
      text: "{n}负责的数据表是{v}，存放在公共仓库。",
      values: ["monthlyRevenue", "order_items", "stockLevel", "late_orders"],
      question: "{n}负责哪个数据表",
    },
    { text: "{n}对{v}过敏，订餐前请告诉餐厅。", values: ["花生", "海鲜", "牛奶", "芒果"], question: "{n}过敏" },
  ],
};

const LANGUAGES = [ENGLISH, VIETNAMESE, CHINESE];
/** Every fifth document has a question, so each kind of fact and each language has some. */
const QUESTION_STEP = 5;

/** Returns 300 documents in English, Vietnamese and Chinese, and 60 questions with the documents that answer them. */
export function createMemoryCorpus(): {
  readonly documents: readonly CorpusDocument[];
  readonly questions: readonly CorpusQuestion[];
} {
  const entries = LANGUAGES.flatMap(({ code, names, facts }) =>
    names.flatMap((name, person) =>
      facts.map(({ text, values, question }, kind) => ({
        path: `${code}/${person}-${kind}.md`,
        content: fill(text, name, values[(person + kind) % values.length] ?? ""),
        query: fill(question, name, ""),
        // Goes through the kinds of facts from person to person.
        isAsked: (person * facts.length + kind) % QUESTION_STEP === person % QUESTION_STEP,
      })),
    ),
  );
  return {
    documents: entries.map(({ path, content }) => ({ path, content })),
    questions: entries.filter(({ isAsked }) => isAsked).map(({ query, path }) => ({ query, path })),
  };
}

const fill = (template: string, name: string, value: string): string =>
  template.replaceAll("{n}", name).replaceAll("{v}", value);
