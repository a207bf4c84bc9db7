import { examine } from "#app/doctor/examine.ts";
import { printFindings } from "#app/doctor/print-findings.ts";

/** Prints the findings and what to do about them. The exit code is 1 if there is a problem. */
export async function runDoctor(): Promise<void> {
  const findings = await examine(process.env);
  process.stdout.write(printFindings(findings));
  if (findings.some(({ level }) => level === "problem")) process.exitCode = 1;
}
