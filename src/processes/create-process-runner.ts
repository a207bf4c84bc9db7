import { failedPrecondition } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { collectResult } from "#processes/collect-result.ts";
import type { ProcessRunner, ProcessSpec } from "#processes/process-runner.ts";
import { type Launch, startProcess } from "#processes/start-process.ts";

/** Creates the runner of the gateway. Its commands have all rights of the gateway's own user. */
export function createProcessRunner(): ProcessRunner {
  const start = (spec: ProcessSpec) => startProcess(plainLaunch(spec));
  return {
    isSandboxed: false,
    start,
    run: async (spec, limits) => collectResult(start(spec), spec.input ?? "", limits),
  };
}

const SAFE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function plainLaunch({ argv, directory, writable, environment, tenantId }: ProcessSpec): Launch {
  if (tenantId !== MASTER_TENANT_ID) throw failedPrecondition("error.sandbox_required", {}, "sandbox_required");
  return {
    argv,
    directory,
    environment: { ...environment, PATH: SAFE_PATH, HOME: writable, LANG: "C.UTF-8", TERM: "dumb" },
  };
}
