import type { z } from "zod";
import type { Clock } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import type { JsonObject } from "#base/json.ts";
import type { ToolEffect } from "#runtime/tool-call-store.ts";

/** Where and for whom a tool runs. */
export interface ToolEnvironment {
  readonly tenantId: TenantId;
  readonly agentId: string;
  readonly userId: string;
  /** The agent's own directory; made when a tool first needs it. */
  readonly workspace: string;
  readonly clock: Clock;
}

/** What the model reads of a call. A failure is an outcome too. */
export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
}

/** Something an agent can do. `execute` may throw: the pipeline turns that into an outcome. */
export interface Tool {
  readonly name: string;
  /** For the model: when to use it and what comes back. */
  readonly description: string;
  readonly parameters: JsonObject;
  /** What repeating a call of unknown outcome would do; a call with arguments that do not parse has no effect. */
  effectOf(argumentsText: string): ToolEffect;
  execute(environment: ToolEnvironment, argumentsText: string, signal: AbortSignal): Promise<ToolOutcome>;
}

export interface ToolDefinition<Arguments extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly arguments: Arguments;
  readonly effect: (input: z.output<Arguments>) => ToolEffect;
  readonly run: (environment: ToolEnvironment, input: z.output<Arguments>, signal: AbortSignal) => Promise<string>;
}
