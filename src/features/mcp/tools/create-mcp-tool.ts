import { isRecord, ownValue } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { createScrubber } from "#base/scrub-credentials.ts";
import type { Secret } from "#base/secret.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { AccessServer } from "#features/mcp/tools/access-server.ts";
import type { McpAccess } from "#features/mcp/tools/mcp-access.ts";
import { saveAttachment } from "#features/mcp/tools/save-attachment.ts";
import { isPermitted } from "#features/mcp/tools/tool-filter.ts";
import { type Attachment, type CallProgress, type ListedTool, McpError, toToolOutcome } from "#mcp/index.ts";
import { parseCallArguments } from "#models/call-arguments.ts";
import type { ToolProgress } from "#runtime/runs/index.ts";
import {
  BROKEN_ARGUMENTS,
  coerceArguments,
  hasReadableArguments,
  type Tool,
  type ToolEnvironment,
  ToolError,
  type ToolOutcome,
  textPart,
  untrustedPart,
} from "#runtime/tools/index.ts";

/** Creates a tool that calls a tool of a server. Whether the call is still allowed is asked again for each call. */
export function createMcpTool(name: string, listed: ListedTool, server: AccessServer, access: McpAccess): Tool {
  const { parameters } = listed;
  return {
    name,
    group: `mcp:${server.name}`,
    description: describe(listed, server),
    parameters,
    isDeferrable: true,
    effectOf: (text) => (hasReadableArguments(text) ? listed.effect : "read"),
    async execute(environment, text, signal) {
      const input = toInput(listed, text);
      const granted = await requireGrant(environment, server, listed, access);
      let secrets: readonly Secret[] = [];
      const source = `tool ${listed.name} of the MCP server ${server.name}`;
      try {
        const pooled = access.connect(granted.server, granted.credentials);
        ({ secrets } = pooled);
        const answer = await pooled.call({
          name: listed.name,
          input,
          signal,
          timeoutMs: granted.server.timeoutMs,
          isRepeatable: listed.effect !== "once",
          onProgress: (progress) => environment.call?.reportProgress(toToolProgress(progress, secrets)),
        });
        const save = (attachment: Attachment) => saveAttachment(environment.workspace, server.name, attachment);
        return withoutSecrets(await toToolOutcome(source, answer, save), secrets);
      } catch (thrown) {
        if (!(thrown instanceof McpError)) throw thrown;
        return withoutSecrets(toFailure(source, server, thrown), secrets);
      }
    },
  };
}

function describe({ name, description }: ListedTool, { settings }: AccessServer): string {
  const { global = "", tools = {} } = settings.tool_hints ?? {};
  const hint = Object.hasOwn(tools, name) ? tools[name] : "";
  return [description, global, hint].filter((text) => text).join("\n");
}

function toInput({ parameters, renamed }: ListedTool, text: string): Readonly<Record<string, unknown>> {
  if (!hasReadableArguments(text)) throw new ToolError(BROKEN_ARGUMENTS);
  const input = coerceArguments(parameters, parseCallArguments(text));
  if (!isRecord(input)) throw new ToolError("The arguments do not fit: expected an object.");
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [ownValue(renamed, name) ?? name, value]));
}

async function requireGrant(
  { db, agentId, userId }: ToolEnvironment,
  { id, name }: AccessServer,
  listed: ListedTool,
  access: McpAccess,
) {
  const granted = (await access.findServers(db, agentId, userId)).find(({ server }) => server.id === id);
  if (granted && isPermitted(listed.name, granted.filters)) return granted;
  throw new ToolError(`This agent may no longer use the tool ${listed.name} of the MCP server ${name}.`);
}

const { scrub } = createScrubber({ usesPatterns: false, secrets: [] });

/** A server may send back what it was given, such as the headers of the request. */
function withoutSecrets({ parts, isError }: ToolOutcome, secrets: readonly Secret[]): ToolOutcome {
  const clean = parts.map((part) => (part.type === "text" ? { ...part, text: scrub(part.text, secrets) } : part));
  return { parts: clean, isError };
}

function toToolProgress({ progress, total, message }: CallProgress, secrets: readonly Secret[]): ToolProgress {
  return {
    progress,
    ...(total !== undefined && { total }),
    ...(message !== undefined && { message: headOf(scrub(message.toWellFormed(), secrets), LIMITS.mcpProgressChars) }),
  };
}

/** A broken connection leaves open what the server did, so the model must not simply try again. */
function toFailure(source: string, { name }: AccessServer, { kind, message, detail }: McpError): ToolOutcome {
  const advice = kind === "closed" || kind === "timeout" ? " The call may have had its effect." : "";
  const text = textPart(`The MCP server ${name} failed: ${message}.${advice}`);
  return { parts: detail === "" ? [text] : [text, untrustedPart(source, detail)], isError: true };
}
