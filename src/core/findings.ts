import { defineService } from "#core/service.ts";

export const FINDING_AREAS = [
  ...(["config", "home", "disk", "gateway", "sandbox", "database", "jobs", "network", "providers"] as const),
] as const;
export const FINDING_LEVELS = ["ok", "warning", "problem"] as const;

/** The result of one check of what a gateway needs. */
export interface Finding {
  readonly area: (typeof FINDING_AREAS)[number];
  readonly level: (typeof FINDING_LEVELS)[number];
  /** The observed state, in one line. */
  readonly text: string;
  /** What to do about it, in one sentence. */
  readonly advice?: string;
}

/** Checks what the gateway needs while it runs. It changes nothing. */
export const examineRunning = defineService<() => Promise<readonly Finding[]>>("examine-running");
