import { spawnSync } from "node:child_process";
import { measureAll } from "./measure-all.ts";
import { writeFirstPart } from "./report-file.ts";
import { toReport } from "./to-report.ts";

/**
 * Measures the executable against a bare proxy on this machine and writes docs/benchmarks.md but its sections. `--quick` measures one
 * short round and only prints the results. `scale` measures reads of a long history instead, see `scale/run-scale.ts`,
 * `memory` searches of an agent's memory, see `memory/run-memory.ts`,
 * `lists` only the list of agents, see `run-lists.ts`, `sockets` WebSockets, see
 * `sockets/run-sockets.ts`, and `dashboard` how smooth the pages are, see `dashboard/run-dashboard.ts`.
 */
if (process.argv.includes("scale")) await import("./scale/run-scale.ts");
if (process.argv.includes("memory")) await import("./memory/run-memory.ts");
if (process.argv.includes("lists")) await import("./run-lists.ts");
if (process.argv.includes("sockets")) await import("./sockets/run-sockets.ts");
if (process.argv.includes("dashboard")) await import("./dashboard/run-dashboard.ts");

const isQuick = process.argv.includes("--quick");
const effort = isQuick ? { rounds: 1, seconds: 1.5, warmUpSeconds: 3 } : { rounds: 7, seconds: 3, warmUpSeconds: 12 };

const { status } = spawnSync("node", ["scripts/build.mjs"], { stdio: ["ignore", "ignore", "inherit"] });
if (status !== 0) process.exit(1);

const measured = await measureAll(["dist/goclaw"], effort, (line) => process.stdout.write(`${line}\n`));
const report = toReport(measured, effort);
process.stdout.write(`\n${report}`);
if (!isQuick) writeFirstPart(report);
process.exit(0);
