import type { TenantId } from "#base/ids.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import type { ToolRateLimiter } from "#runtime/tools/tool-rate-limiter.ts";

/** A tool call before it starts. */
export interface RequestedCall {
  readonly name: string;
  /** Undefined if the run has no tool of that name. */
  readonly tool: Tool | undefined;
  /** The names of tools that the run has and that resemble `name`. */
  readonly similarNames: readonly string[];
  readonly tenantId: TenantId;
  readonly sessionId: string;
}

/** The decision about a call. The model reads `reason`. */
export type GateDecision =
  | { readonly kind: "allow"; readonly tool: Tool }
  | { readonly kind: "refuse"; readonly reason: string };

/** Decides whether a call may start. */
export interface ToolGate {
  decide(call: RequestedCall): GateDecision;
}

/** Creates the gate of every run. It allows a call if the tool exists and the session is below its hourly limit. */
export const createToolGate = (limiter: ToolRateLimiter): ToolGate => ({
  decide({ tool, name, similarNames, tenantId, sessionId }) {
    if (!tool) {
      const hint = similarNames.length > 0 ? ` Similar names: ${similarNames.join(", ")}.` : "";
      return { kind: "refuse", reason: `There is no tool named ${headOf(name, 100)}.${hint}` };
    }
    if (limiter.take(tenantId, sessionId)) return { kind: "allow", tool };
    const reason = `This session has made its ${limiter.perHour} tool calls of the last hour. Go on without tools.`;
    return { kind: "refuse", reason };
  },
});
