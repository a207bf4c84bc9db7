import type { Tool } from "#runtime/tools/index.ts";
import { datetimeTool } from "#tools/datetime.ts";
import { DocumentReader } from "#tools/documents/document-reader.ts";
import { editTool } from "#tools/files/edit.ts";
import { listFilesTool } from "#tools/files/list-files.ts";
import { readFileTool } from "#tools/files/read-file.ts";
import { writeFileTool } from "#tools/files/write-file.ts";
import { createReadAudioTool, createReadImageTool, type LookToolOptions } from "#tools/media/look-tools.ts";
import { createReadDocumentTool } from "#tools/media/read-document.ts";
import { createWebSearchTool, type WebSearchOptions } from "#tools/search/web-search.ts";
import { sessionStatusTool } from "#tools/sessions/session-status.ts";
import { sessionsHistoryTool } from "#tools/sessions/sessions-history.ts";
import { sessionsListTool } from "#tools/sessions/sessions-list.ts";
import { createExecTool, type ExecOptions } from "#tools/shell/exec.ts";
import type { DomainRules } from "#tools/web/domain-rules.ts";
import { HtmlConverter } from "#tools/web/html-converter.ts";
import { createWebFetchTool } from "#tools/web/web-fetch.ts";

export interface BuiltinToolOptions {
  readonly webFetchRules: DomainRules;
  readonly webSearch: WebSearchOptions;
  readonly media: LookToolOptions;
  /** Undefined if no agent may run commands. */
  readonly exec?: ExecOptions;
}

/** Creates the gateway's built-in tools, keyed by name. */
export function createBuiltinTools({
  webFetchRules,
  webSearch,
  media,
  exec,
}: BuiltinToolOptions): ReadonlyMap<string, Tool> {
  const tools = [
    datetimeTool,
    readFileTool,
    writeFileTool,
    editTool,
    listFilesTool,
    createReadDocumentTool(media.blobs, new DocumentReader()),
    createReadImageTool(media),
    createReadAudioTool(media),
    createWebFetchTool({ rules: webFetchRules, html: new HtmlConverter() }),
    createWebSearchTool(webSearch),
    sessionsListTool,
    sessionsHistoryTool,
    sessionStatusTool,
    ...(exec ? [createExecTool(exec)] : []),
  ];
  return new Map(tools.map((tool) => [tool.name, tool]));
}
