import { z } from "zod";

/** The keys of the configuration below `mcp`. */
export const Mcp = z.object({
  stdio: z
    .enum(["master", "off"])
    .default("master")
    .describe("Whether administrators of the master tenant may register MCP servers that are processes of this host."),
  defer_above_tools: z
    .int()
    .min(0)
    .default(40)
    .describe("An agent with more tools of MCP servers than this searches for them."),
  defer_above_tokens: z
    .int()
    .min(0)
    .default(10_000)
    .describe("The same, for the estimated tokens of the tools' descriptions and schemas."),
});
