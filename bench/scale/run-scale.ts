import { cpus, loadavg } from "node:os";
import { measureScale } from "./measure-scale.ts";
import { READS } from "./reads.ts";

/** Measures reads of a long history, and of one a tenth as long. `--quick` measures a short one alone. */
const log = (line: string) => void process.stdout.write(`${line}\n`);
const sizes = process.argv.includes("--quick") ? [2_000] : [10_000, 100_000];
const command = [process.execPath, "src/app/main.ts"];
const results = [];
for (const sessions of sizes) results.push(await measureScale(command, sessions, log));

const row = (cells: readonly string[]) => log(`| ${cells.join(" | ")} |`);
const [smallest, largest] = [results[0], results.at(-1)];
log(`\n${cpus()[0]?.model}, load average ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 10)}\n`);
row(["read", ...sizes.map((size) => `p95 ms, ${(size * 10).toLocaleString("en")}`), "growth", "loop held, ms"]);
log(`|${"--|".repeat(sizes.length + 3)}`);
for (const name of Object.keys(READS)) {
  const growth = (largest?.readMs[name] ?? 0) / (smallest?.readMs[name] ?? 1);
  row([
    name,
    ...results.map(({ readMs }) => (readMs[name] ?? 0).toFixed(1)),
    `× ${growth.toFixed(1)}`,
    (largest?.heldMs[name] ?? 0).toFixed(1),
  ]);
}
log(`\nThe measurement itself held the loop for ${largest?.heldMs.nothing?.toFixed(1)} ms.`);
log(`Starts took ${results.map(({ startMs }) => startMs.toFixed(0)).join(" and ")} ms.`);
for (const { sessions, chats, countingSeconds } of results) {
  const [perSecond, p50, p99] = [chats.perSecond, chats.p50, chats.p99].map((value) => value.toFixed(1));
  log(
    `With ${sessions} sessions: ${perSecond} chats/s, p50 ${p50} ms, p99 ${p99} ms; counted in ${countingSeconds} s.`,
  );
}
process.exit(0);
