import type { z } from "zod";
import type { Clock } from "#base/clock.ts";
import type { EgressClient } from "#base/egress/create-egress.ts";
import type { TenantId } from "#base/ids.ts";
import type { JsonObject } from "#base/json.ts";
import type { Secret } from "#base/secret.ts";
import type { TraceHeaders } from "#base/trace-headers.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { RunAllowance, RunDraft, ToolProgress, TracedRun } from "#runtime/runs/index.ts";
import type { ToolSettings } from "#runtime/tools/tool-settings.ts";
import type { ToolEffect } from "#runtime/transcript/index.ts";

/** Directories that an agent may read but never write, such as those of its skills. Each has an absolute path. */
export interface ReadOnlyFolders {
  /** Returns the folder that holds this absolute path, with its files in place. */
  find(path: string): Promise<string | undefined>;
  /** Returns the folders whose paths occur in a text, such as a command, with their files in place. */
  namedIn(text: string): Promise<readonly string[]>;
}

/** A call of a run. */
export interface CallPlace {
  readonly runId: string;
  readonly callId: string;
  /** What the run has in place of the agent's stored settings. */
  readonly draft?: RunDraft | undefined;
  /** Where model calls for the call are recorded. */
  readonly trace: TracedRun;
  /** Returns what the run has left, which bounds a task that it hands on. */
  left(): RunAllowance;
  /** Tells the run's followers how far the call has come. The model does not read it. */
  reportProgress(progress: ToolProgress): void;
  /** The trace that work for the call continues. Undefined if nobody reads it. */
  readonly traceHeaders?: TraceHeaders | undefined;
}

/** A document of the agent's memory in a list. */
export interface MemoryFile {
  readonly path: string;
  readonly size: number;
}

/** Documents of the agent's memory that the file tools treat like files of the workspace. */
export interface MemoryFiles {
  /** Returns whether a path is a document of the memory, such as MEMORY.md. */
  owns(path: string): boolean;
  read(path: string): Promise<string | undefined>;
  /** Returns the paths of the documents below a directory, with their sizes in bytes. The root is `.`. */
  list(directory: string): Promise<readonly MemoryFile[]>;
  /** Stores what `change` makes of the content so far. It may run again. Throws `ToolError`. */
  change(path: string, change: (content: string | undefined) => string): Promise<void>;
}

/** The context of a tool call. */
export interface ToolEnvironment {
  readonly tenantId: TenantId;
  readonly agentId: string;
  readonly agentKey: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly sessionKey: string;
  /** The run and the call in it, or undefined for a client that calls a tool without a run. */
  readonly call: CallPlace | undefined;
  /** The directory in which the agent works for this user. It is created when a tool first needs it. */
  readonly workspace: string;
  /** Directories beside the workspace that the agent may read. */
  readonly readOnlyFolders: ReadOnlyFolders;
  readonly memoryFiles: MemoryFiles;
  readonly clock: Clock;
  readonly db: TenantDatabase;
  /** The only way to the network. */
  readonly web: EgressClient;
  /** The kinds of shell commands that the agent refuses or allows. See `exec`. */
  readonly shellDenyGroups: Readonly<Record<string, boolean>>;
  /** True if the agent's commands ask for the network. The operator may still refuse it. */
  readonly mayUseNetwork: boolean;
  /** The tenant's settings of this tool. */
  readonly settings: ToolSettings;
}

/** A part of a tool's answer. */
export type ToolPart =
  | {
      readonly type: "text";
      readonly text: string;
      /** The origin of untrusted text, such as a URL. The pipeline encloses the text in marks that it cannot forge. */
      readonly untrustedSource?: string;
    }
  | { readonly type: "json"; readonly value: unknown }
  /** An image for models that take images. The other parts say what it is, for all models and readers. */
  | { readonly type: "image"; readonly bytes: Uint8Array };

/** The answer of a tool call. A failure is an answer too. */
export interface ToolOutcome {
  readonly parts: readonly ToolPart[];
  readonly isError: boolean;
}

/** Settings that a tenant's administrators may give to a tool. Each field is optional. */
export interface ToolSettingsSchema {
  readonly schema: z.ZodObject;
  /** The names of text fields that are stored encrypted and shown masked. */
  readonly secrets: readonly string[];
}

/** An action that an agent can take. */
export interface Tool {
  readonly name: string;
  /** The group by which policies name similar tools, as in `group:web`. A subgroup follows a colon. */
  readonly group: string;
  /** Tells the model when to use the tool and what it returns. */
  readonly description: string;
  readonly parameters: JsonObject;
  readonly settings?: ToolSettingsSchema | undefined;
  /** True for a tool that reaches beyond one tenant, so only agents of the master tenant have it. */
  readonly isForMasterOnly?: boolean | undefined;
  /** Secrets that the tool uses. They are removed from its answers. */
  readonly secrets?: readonly Secret[] | undefined;
  /** True for a tool that a run need not be offered before it searches for it, where there are very many tools. */
  readonly isDeferrable?: boolean | undefined;
  /** Classifies what repeating a call would do. A call whose arguments do not parse counts as `read`. */
  effectOf(argumentsText: string): ToolEffect;
  /** Executes a call. May throw, because the pipeline converts an error to an outcome. */
  execute(environment: ToolEnvironment, argumentsText: string, signal: AbortSignal): Promise<ToolOutcome>;
}

/** A tool whose arguments are described by a JSON Schema, because somebody outside the gateway wrote it. */
export interface SchemaToolDefinition {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  /** JSON Schema of type object. */
  readonly parameters: JsonObject;
  readonly secrets?: readonly Secret[];
  readonly effect: ToolEffect;
  /** Throws `ToolError` for a failure that the model should read. */
  readonly run: (
    environment: ToolEnvironment,
    input: JsonObject,
    signal: AbortSignal,
  ) => Promise<readonly ToolPart[] | ToolOutcome>;
}

export interface ToolDefinition<Arguments extends z.ZodObject> {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly arguments: Arguments;
  readonly settings?: ToolSettingsSchema;
  readonly isForMasterOnly?: boolean;
  readonly effect: (input: z.output<Arguments>) => ToolEffect;
  /** Returns plain text, or parts. Throws `ToolError` for a failure that the model should read. */
  readonly run: (
    environment: ToolEnvironment,
    input: z.output<Arguments>,
    signal: AbortSignal,
  ) => Promise<string | readonly ToolPart[]>;
}
