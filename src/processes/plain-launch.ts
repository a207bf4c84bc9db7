import { baseEnvironment } from "#processes/base-environment.ts";
import type { ProcessSpec } from "#processes/process-runner.ts";
import { markTree } from "#processes/process-tree.ts";
import type { Launch } from "#processes/start-process.ts";

/** Returns what to start for a command without a sandbox. */
export const plainLaunch = ({ argv, directory, writable, environment }: ProcessSpec): Launch => ({
  argv,
  directory,
  ...markTree({ ...baseEnvironment(writable), ...environment }),
  isUnboxed: true,
});
