import { verifyActivity } from "#app/audit/verify-activity.ts";

/** Prints whether the activity log of each tenant is whole. The exit code is 1 if one is not. */
export async function runAuditVerify(): Promise<void> {
  const { lines, isWhole } = await verifyActivity(process.env);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (!isWhole) process.exitCode = 1;
}
