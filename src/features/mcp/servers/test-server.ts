import { invalidField } from "#base/errors.ts";
import { MASK, Secret } from "#base/secret.ts";
import type { Context } from "#core/context.ts";
import { describeFailure } from "#features/mcp/describe-failure.ts";
import { mcpSettings } from "#features/mcp/mcp-settings.ts";
import { requireAllowedTarget } from "#features/mcp/servers/require-allowed-target.ts";
import type { McpServerVerdict, TestMcpServerInput } from "#features/mcp/servers/schema.ts";
import { toTarget } from "#features/mcp/servers/to-target.ts";
import { McpError, mcpConnections } from "#mcp/index.ts";

/** The directory of processes that are only tried out. */
const TRIAL = "trial";

/** Connects to a server that is not stored, and lists its tools. */
export async function testServer(ctx: Context, input: TestMcpServerInput): Promise<McpServerVerdict> {
  const { transport, command, args, url } = input;
  const fields = { transport, command: command ?? "", url: url?.trim() ?? "" };
  await requireAllowedTarget(ctx, fields);
  const given = {
    apiKey: new Secret(input.api_key?.trim() ?? ""),
    headers: toSecrets("headers", input.headers ?? {}),
    env: toSecrets("env", input.env ?? {}),
  };
  const secrets = [given.apiKey, ...Object.values(given.headers), ...Object.values(given.env)];
  try {
    const target = toTarget(
      { ...fields, id: TRIAL, tenantId: ctx.tenantId, args: args ?? [] },
      given,
      ctx.use(mcpSettings),
    );
    const list = (server: { listTools(): Promise<readonly unknown[]> }) => server.listTools();
    const tools = await ctx.use(mcpConnections).try(ctx.tenantId, target, list);
    return { success: true, tool_count: tools.length };
  } catch (thrown) {
    if (!(thrown instanceof McpError)) throw thrown;
    return { success: false, error: describeFailure(thrown, secrets) };
  }
}

/** Throws 400 for a mask, because nothing is stored that it could stand for. */
function toSecrets(field: string, values: Readonly<Record<string, string>>): Readonly<Record<string, Secret>> {
  const masked = Object.keys(values).find((name) => values[name] === MASK);
  if (masked !== undefined) throw invalidField(`${field}.${masked}`, "a value");
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}
