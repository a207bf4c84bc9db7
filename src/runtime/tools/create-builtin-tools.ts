import { datetimeTool } from "#runtime/tools/datetime.ts";
import { editTool } from "#runtime/tools/edit.ts";
import { createExecTool, type ExecOptions } from "#runtime/tools/exec/exec.ts";
import { listFilesTool } from "#runtime/tools/list-files.ts";
import { readFileTool } from "#runtime/tools/read-file.ts";
import { createWebSearchTool, type WebSearchOptions } from "#runtime/tools/search/web-search.ts";
import { sessionStatusTool } from "#runtime/tools/sessions/session-status.ts";
import { sessionsHistoryTool } from "#runtime/tools/sessions/sessions-history.ts";
import { sessionsListTool } from "#runtime/tools/sessions/sessions-list.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import type { DomainRules } from "#runtime/tools/web/domain-rules.ts";
import { HtmlConverter } from "#runtime/tools/web/html-converter.ts";
import { createWebFetchTool } from "#runtime/tools/web/web-fetch.ts";
import { writeFileTool } from "#runtime/tools/write-file.ts";

export interface BuiltinToolOptions {
  readonly webFetchRules: DomainRules;
  readonly webSearch: WebSearchOptions;
  /** Absent where no agent may run commands. */
  readonly exec?: ExecOptions;
}

/** The tools that come with the gateway, by name. */
export function createBuiltinTools({ webFetchRules, webSearch, exec }: BuiltinToolOptions): ReadonlyMap<string, Tool> {
  const tools = [
    datetimeTool,
    readFileTool,
    writeFileTool,
    editTool,
    listFilesTool,
    createWebFetchTool({ rules: webFetchRules, html: new HtmlConverter() }),
    createWebSearchTool(webSearch),
    sessionsListTool,
    sessionsHistoryTool,
    sessionStatusTool,
    ...(exec ? [createExecTool(exec)] : []),
  ];
  return new Map(tools.map((tool) => [tool.name, tool]));
}
