// The run engine: the loop, attempts, the worker pool and recovery.

export { type AttachedRun, type AttachOptions, RunEngine, runEngine } from "#runtime/engine/run-engine.ts";
