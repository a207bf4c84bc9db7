import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import { SUPPORT_FILES } from "#testing/browser/rich-data/support-files.ts";

/** The agents of the company, by their keys. */
const AGENTS = {
  support: {
    ...{ display_name: "Customer Support", emoji: "🎧", provider: "anthropic", model: "claude-sonnet-5-5" },
    agent_description: "Answers customers of the shop: orders, refunds, deliveries. Hands invoices to accounting.",
    ...{ thinking_level: "low", budget_monthly_cents: 50_000 },
  },
  release: {
    ...{ display_name: "Release Engineer", emoji: "🛠️", provider: "openai", model: "gpt-6.1-sol" },
    agent_description: "Reads tickets and logs, writes release notes and finds out why builds fail.",
    ...{ thinking_level: "medium", max_tool_iterations: 50, tools_config: { deny: ["exec"] } },
  },
  "ke-toan": {
    ...{ display_name: "Trợ lý kế toán", emoji: "🧾", provider: "google", model: "gemini-3.1-pro" },
    agent_description: "Kiểm tra hóa đơn, đối soát công nợ và chuẩn bị báo cáo thuế hằng tháng.",
    budget_monthly_cents: 20_000,
  },
  "shichang-yanjiu": {
    ...{ display_name: "市场研究员", emoji: "🔬", provider: "deepseek", model: "deepseek-v4-pro" },
    ...{ agent_description: "研究竞争对手、价格和用户反馈，并写成简短的报告。", thinking_level: "high" },
  },
  writer: {
    ...{ display_name: "Marketing Writer", emoji: "✍️", provider: "anthropic", model: "claude-opus-5-5" },
    ...{ agent_description: "Writes newsletters, product pages and social posts in our voice.", max_tokens: 4_000 },
  },
  analyst: {
    ...{ display_name: "Data Analyst", emoji: "📊", provider: "mistral", model: "mistral-medium-3-5" },
    agent_description: "Answers questions about sales and visitors with numbers, tables and a plain conclusion.",
    model_fallback: {
      ...{ enabled: true, strategy: "priority_order" },
      candidates: [
        { provider: "openai", model: "gpt-6-luna" },
        { provider: "google", model: "gemini-3-flash" },
      ],
    },
  },
  "front-desk": {
    ...{ display_name: "Lễ tân", emoji: "🛎️", provider: "google", model: "gemini-3-flash", is_default: true },
    agent_description: "Trả lời mọi câu hỏi chung và chuyển việc cho đồng nghiệp phù hợp.",
    other_config: { show_reasoning: true },
  },
  archivist: {
    ...{ display_name: "Archivist", emoji: "🗄️", provider: "anthropic", model: "claude-haiku-5-5" },
    ...{
      agent_description: "Kept the old wiki in order. Replaced by the knowledge of the others.",
      status: "inactive",
    },
  },
} as const;

export type RichAgent = keyof typeof AGENTS;

/** Who may use which agent, beside administrators. */
const SHARES: readonly (readonly [RichAgent, readonly string[]])[] = [
  ["support", ["grace", "lan", "minh"]],
  ["release", ["grace", "minh"]],
  ["ke-toan", ["lan", "grace"]],
  ["shichang-yanjiu", ["wang.fang", "grace"]],
  ["writer", ["grace"]],
  ["analyst", ["grace", "wang.fang"]],
  ["front-desk", ["grace", "lan", "minh", "website"]],
];

/** What an agent knows of a user. */
const USER_FILES: readonly (readonly [RichAgent, string, string])[] = [
  ["support", "lan", "# Lan\n\n- Works in the Đà Nẵng office, mornings only\n- Wants answers in Vietnamese\n"],
  ["support", "grace", "# Grace\n\nLeads the support team. Decides on refunds above 200 €.\n"],
  ["release", "minh", "# Minh\n\nOn call every second week. Prefers short answers with the command to run.\n"],
];

/** Adds agents with their files, shares and instances. Returns their ids by key. */
export async function addAgents({ send }: RichMaker): Promise<Readonly<Record<RichAgent, string>>> {
  const ids: Partial<Record<string, string>> = {};
  for (const [agent_key, { agent_description, ...fields }] of Object.entries(AGENTS)) {
    ids[agent_key] = (await send("POST", "/v1/agents", { agent_key, ...fields })).id;
    // Of an agent that is created with a description, a model writes the files.
    await send("PUT", `/v1/agents/${agent_key}`, { agent_description });
  }
  for (const [name, content] of Object.entries(SUPPORT_FILES)) {
    await send("PUT", `/v1/agents/support/files/${name}`, { content });
  }
  for (const [agent, users] of SHARES) {
    for (const user_id of users) await send("POST", `/v1/agents/${agent}/shares`, { user_id });
  }
  for (const [agent, user, content] of USER_FILES) {
    await send("PUT", `/v1/agents/${agent}/instances/${user}/files/USER.md`, { content });
  }
  for (const [source_agent, target_agent, description] of [
    ["support", "ke-toan", "Invoices, taxes and what a customer still owes"],
    ["front-desk", "support", "Orders and deliveries"],
    ["writer", "shichang-yanjiu", "Facts about the market"],
  ]) {
    await send("POST", "/v1/agent-links", { source_agent, target_agent, description });
  }
  return ids as Record<RichAgent, string>;
}
