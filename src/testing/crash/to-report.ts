import type { Failpoint } from "#base/failpoints.ts";
import { checkEffects } from "#testing/crash/check-effects.ts";
import { checkRuns } from "#testing/crash/check-runs.ts";
import { checkTranscripts } from "#testing/crash/check-transcripts.ts";
import type { Ledger } from "#testing/crash/ledger.ts";
import type { Records } from "#testing/crash/read-records.ts";
import type { ServerProcess, ServerSite } from "#testing/server-process.ts";

export interface CrashReport {
  /** The broken promises. */
  readonly violations: readonly string[];
  readonly kills: number;
  readonly failpointsHit: readonly Failpoint[];
  readonly runs: Readonly<Record<string, number>>;
  readonly acknowledged: number;
}

/** Returns log lines about failures that must not happen. The logger reports an ordinary failed run at level `warn`. */
export const unexpectedErrors = (server: ServerProcess): readonly string[] =>
  server
    .errors()
    .split("\n")
    .filter((line) => /a run failed unexpectedly|let go of a run|a tool failed/.test(line));

/** Checks everything that was promised to the clients. */
export function toReport(
  records: Records,
  ledger: Ledger,
  site: ServerSite,
  failpointsHit: readonly Failpoint[],
): CrashReport {
  const runs: Record<string, number> = {};
  for (const { status, api } of records.runs) {
    const name = [status, api.error?.details?.reason].filter(Boolean).join(" ");
    runs[name] = (runs[name] ?? 0) + 1;
  }
  const violations = [
    ...ledger.violations,
    ...checkRuns(records, ledger),
    ...checkTranscripts(records, ledger),
    ...checkEffects(records, ledger, site),
  ];
  const acknowledged = ledger.entries.filter(({ isAcknowledged }) => isAcknowledged).length;
  return { violations, kills: ledger.kills.length, failpointsHit, runs, acknowledged };
}
