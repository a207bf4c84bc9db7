/** The groups of operations in the documentation, with what each is about. */
export const TAGS = {
  Gateway: "Whether the gateway lives, takes work and how it fares.",
  Tenants: "Customers of the gateway, each with data of its own, and the users in them.",
  "API keys": "Keys with which programs call the gateway.",
  Providers: "Services that run language models, with their addresses and credentials.",
  Agents: "Models with instructions, tools and memory of their own; who may use them, and what they keep of each user.",
  Runs: "The work of an agent on one message: start, follow and cancel it.",
  "OpenAI-compatible": "The routes that OpenAI's clients call. Agents stand for models.",
  Sessions: "Conversations of users with agents.",
  Tools: "What agents can do besides talking.",
  Documentation: "This document, and the page that shows it.",
} as const satisfies Readonly<Record<string, string>>;

export type Tag = keyof typeof TAGS;
