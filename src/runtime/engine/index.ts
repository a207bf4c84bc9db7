// The run engine: the loop, attempts, the worker pool and recovery.

export type { EngineDependencies } from "#runtime/engine/run-dependencies.ts";
export { type AttachedRun, type AttachOptions, RunEngine, runEngine } from "#runtime/engine/run-engine.ts";
export type { RunRights } from "#runtime/engine/run-rights.ts";
