import { failedPrecondition } from "#base/errors.ts";
import { MASTER_TENANT_ID, type TenantId } from "#base/ids.ts";
import { requireSafeEnvironment } from "#processes/base-environment.ts";
import { collectResult } from "#processes/collect-result.ts";
import { plainLaunch } from "#processes/plain-launch.ts";
import type { ProcessRunner, ProcessSpec } from "#processes/process-runner.ts";
import { MemoryWatch } from "#processes/sandbox/memory-watch.ts";
import type { ProcessKind, SandboxState } from "#processes/sandbox/sandbox.ts";
import { type Launch, startProcess } from "#processes/start-process.ts";

export interface ProcessRunnerOptions {
  readonly sandbox: SandboxState;
  /** True if nothing may run without a sandbox, not even for the master tenant. */
  readonly requiresSandbox: boolean;
  /** Whose commands may have the network if they ask for it. */
  readonly allowNetwork: "off" | "master" | "all";
}

/** Creates the gateway's runner. Without a sandbox, a command has all rights of the gateway's own user. */
export function createProcessRunner(options: ProcessRunnerOptions): ProcessRunner {
  const memory = new MemoryWatch();
  return {
    isSandboxed: options.sandbox.kind === "works",
    start: (spec) => startProcess(toLaunch(spec, "server", options), "pipe", memory),
    run: async (spec, limits) => {
      const launch = toLaunch(spec, "command", options);
      if (limits.signal.aborted) return { output: "", stdout: "", stderr: "", exitCode: undefined, ending: "aborted" };
      const running = startProcess(launch, spec.input === undefined ? "none" : "pipe", memory);
      return collectResult(running, spec.input, limits);
    },
  };
}

function toLaunch(spec: ProcessSpec, kind: ProcessKind, options: ProcessRunnerOptions): Launch {
  requireSafeEnvironment(spec.environment ?? {});
  const { sandbox, requiresSandbox, allowNetwork } = options;
  if (sandbox.kind === "works") {
    return sandbox.sandbox.launch({ ...spec, hasNetwork: spec.hasNetwork && mayHaveNetwork(spec, allowNetwork) }, kind);
  }
  if (requiresSandbox || !isMaster(spec.tenantId)) {
    throw failedPrecondition("error.sandbox_required", {}, "sandbox_required");
  }
  return plainLaunch(spec);
}

const isMaster = (tenantId: TenantId): boolean => tenantId === MASTER_TENANT_ID;

function mayHaveNetwork({ tenantId }: ProcessSpec, allowed: ProcessRunnerOptions["allowNetwork"]): boolean {
  switch (allowed) {
    case "off":
      return false;
    case "master":
      return isMaster(tenantId);
    case "all":
      return true;
  }
}
