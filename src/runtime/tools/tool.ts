import type { z } from "zod";
import type { Clock } from "#base/clock.ts";
import type { EgressClient } from "#base/egress/create-egress.ts";
import type { TenantId } from "#base/ids.ts";
import type { JsonObject } from "#base/json.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { ToolEffect } from "#runtime/tool-call-store.ts";
import type { ToolSettings } from "#runtime/tools/tool-settings.ts";

/** Where and for whom a tool runs. */
export interface ToolEnvironment {
  readonly tenantId: TenantId;
  readonly agentId: string;
  readonly agentKey: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly sessionKey: string;
  /** The agent's own directory; made when a tool first needs it. */
  readonly workspace: string;
  readonly clock: Clock;
  readonly db: TenantDatabase;
  /** The only way out to the network. */
  readonly web: EgressClient;
  /** Kinds of commands that the agent has switched off or on: see `exec`. */
  readonly shellDenyGroups: Readonly<Record<string, boolean>>;
  /** What the tenant's administrators set for this tool. */
  readonly settings: ToolSettings;
}

/** What the model reads of a call. A failure is an outcome too. */
export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
}

/** What a tenant's administrators may set for a tool. Each field is optional. */
export interface ToolSettingsSchema {
  readonly schema: z.ZodObject;
  /** The names of the text fields that are stored encrypted and shown masked. */
  readonly secrets: readonly string[];
}

/** Something an agent can do. `execute` may throw: the pipeline turns that into an outcome. */
export interface Tool {
  readonly name: string;
  /** What policies call it together with its like, as `group:web`; a subgroup follows a colon. */
  readonly group: string;
  /** For the model: when to use it and what comes back. */
  readonly description: string;
  readonly parameters: JsonObject;
  readonly settings?: ToolSettingsSchema | undefined;
  /** It reaches beyond what tenants share: only the master tenant's agents have it. */
  readonly isForMasterOnly?: boolean | undefined;
  /** What repeating a call of unknown outcome would do; a call with arguments that do not parse has no effect. */
  effectOf(argumentsText: string): ToolEffect;
  execute(environment: ToolEnvironment, argumentsText: string, signal: AbortSignal): Promise<ToolOutcome>;
}

export interface ToolDefinition<Arguments extends z.ZodObject> {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly arguments: Arguments;
  readonly settings?: ToolSettingsSchema;
  readonly isForMasterOnly?: boolean;
  readonly effect: (input: z.output<Arguments>) => ToolEffect;
  readonly run: (environment: ToolEnvironment, input: z.output<Arguments>, signal: AbortSignal) => Promise<string>;
}
