import { cpus, loadavg } from "node:os";
import { writeSection } from "../report-file.ts";
import { type MemoryFigures, measureMemory, type SearchTimes } from "./measure-memory.ts";

/**
 * Measures searches of an agent's memory, from source, and writes a section of docs/benchmarks.md. With `DATABASE_URL`,
 * which names an empty database, the memory is on Postgres. `--quick` measures a small memory and only prints the results.
 */
const log = (line: string) => void process.stdout.write(`${line}\n`);
const isQuick = process.argv.includes("--quick");
const documents = isQuick ? 5_000 : 100_000;
const database = process.env.DATABASE_URL ? "Postgres" : "SQLite";
const report = toSection(await measureMemory([process.execPath, "src/app/main.ts"], documents, log));
log(`\n${report}`);
if (!isQuick) writeSection(`Memory on ${database}`, report);
process.exit(0);

function toSection(figures: readonly MemoryFigures[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const show = ({ p50, p95, cpu }: SearchTimes) => [p50, p95, cpu].map((value) => value.toFixed(1)).join(" / ");
  const processor = `${cpus().length} cores of ${cpus()[0]?.model}`;
  return [
    `Written by \`npm run bench -- memory\`, from source, on ${database}. ${processor}, Bun ${Bun.version}, load average ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
    row(["query", "words alone", "words and meanings", "the same again", "of one user"]),
    `|${"--|".repeat(5)}`,
    ...figures.map(({ what, words, meanings, again, ofUser }) =>
      row([what, show(words), show(meanings), show(again), show(ofUser)]),
    ),
  ].join("\n");
}
