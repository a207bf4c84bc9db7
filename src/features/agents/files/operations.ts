import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { agentFileWritten } from "#features/agents/events.ts";
import { getAgentFile, listAgentFiles, setAgentFile } from "#features/agents/files/agent-files.ts";
import { previewPrompt } from "#features/agents/files/preview-prompt.ts";
import * as schema from "#features/agents/files/schema.ts";
import { AgentPath } from "#features/agents/schema.ts";

const PATH = "/v1/agents/{id}/files";

export const agentFileOperations = [
  defineOperation({
    name: "agents.files.list",
    http: { method: "GET", path: PATH },
    access: ACCESS.read,
    summary: "List the files that say who an agent is",
    description: "For the agent's owner. Also those that nobody has written.",
    input: AgentPath,
    output: schema.AgentFileList,
    run: listAgentFiles,
  }),
  defineOperation({
    name: "agents.files.get",
    http: { method: "GET", path: `${PATH}/{name}` },
    access: ACCESS.read,
    summary: "Read a file that says who an agent is",
    description: "For the agent's owner. A file that nobody has written is `missing`.",
    input: schema.AgentFilePath,
    output: schema.OneAgentFile,
    run: getAgentFile,
  }),
  defineOperation({
    name: "agents.files.set",
    http: { method: "PUT", path: `${PATH}/{name}` },
    access: ACCESS.write,
    summary: "Write a file that says who an agent is",
    description: "For the agent's owner. The next run reads it.",
    input: schema.SetAgentFileInput,
    output: schema.OneAgentFile,
    audit: agentFileWritten,
    example: { input: { content: "# Who you are\n\nYou are brief and friendly." } },
    run: setAgentFile,
  }),
  defineOperation({
    name: "agents.system-prompt-preview",
    http: { method: "GET", path: "/v1/agents/{id}/system-prompt-preview" },
    access: ACCESS.read,
    summary: "Show the system prompt of an agent's next run",
    description: "For the agent's owner. It names the files of which the prompt leaves something out.",
    input: schema.PreviewInput,
    output: schema.PromptPreview,
    run: previewPrompt,
  }),
];
