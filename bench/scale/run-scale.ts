import { cpus, loadavg } from "node:os";
import { writeSection } from "../report-file.ts";
import { measureScale, type ScaleResult } from "./measure-scale.ts";
import { READS } from "./reads.ts";

/**
 * Measures reads of a long history, and of one a tenth as long, and writes a section of docs/benchmarks.md. `--quick`
 * measures a short one alone and only prints the results.
 */
const log = (line: string) => void process.stdout.write(`${line}\n`);
const isQuick = process.argv.includes("--quick");
const sizes = isQuick ? [2_000] : [10_000, 100_000];
const command = [process.execPath, "src/app/main.ts"];
const results: ScaleResult[] = [];
for (const sessions of sizes) results.push(await measureScale(command, sessions, log));
const report = toSection(results);
log(`\n${report}`);
if (!isQuick) writeSection("A long history", report);
process.exit(0);

function toSection(measured: readonly ScaleResult[]): string {
  const [smallest, largest] = [measured[0], measured.at(-1)];
  const row = (cells: readonly (string | undefined)[]) => `| ${cells.join(" | ")} |`;
  const countOf = ({ sessions }: ScaleResult) => (sessions * 10).toLocaleString("en");
  const processor = `${cpus().length} cores of ${cpus()[0]?.model}`;
  return [
    `Written by \`npm run bench -- scale\`, from source, on SQLite. ${processor}, Bun ${Bun.version}, load average ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
    row(["read", ...measured.map((one) => `p95 ms, ${countOf(one)}`), "growth", "loop held, ms"]),
    `|${"--|".repeat(measured.length + 3)}`,
    ...Object.keys(READS).map((name) =>
      row([
        name,
        ...measured.map(({ readMs }) => readMs[name]?.toFixed(1)),
        `× ${((largest?.readMs[name] ?? 0) / (smallest?.readMs[name] ?? 1)).toFixed(1)}`,
        largest?.heldMs[name]?.toFixed(1),
      ]),
    ),
    "",
    "The columns are named by the number of messages, which is that of spans too; a session has ten of each. *p95* is that of 60 reads while 16 clients chat.",
    `*Loop held* is how long the event loop was held while nothing else happened, in the larger history: the median over nine reads of the longest hold. The measurement itself held it for ${largest?.heldMs.nothing?.toFixed(1)} ms.`,
    "",
    ...measured.map((one) => {
      const { chats, startMs, countingSeconds } = one;
      return `With ${countOf(one)} messages, a start took ${startMs.toFixed(0)} ms, counting all usage ${countingSeconds} s, and beside the reads there were ${chats.perSecond.toFixed(0)} chats/s with a p99 of ${chats.p99.toFixed(1)} ms.`;
    }),
  ].join("\n");
}
