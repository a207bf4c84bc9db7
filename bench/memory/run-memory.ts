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
if (!isQuick) writeSection(`Searches of memory on ${database}`, report);
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
    "",
    `Milliseconds at the median, at the 95th percentile (goal: ≤ 30), and of the gateway's processor time. Each is of 200 calls of \`GET /v1/memory?q=\`, one after the other, over ${documents.toLocaleString("en")} chunks of one agent with vectors of 1,536 numbers.`,
    "*Words and meanings* has the call of the embedding model in it, which is a server on the same machine. *The same again* has known vectors. *Of one user* is what that user and all users have, with new vectors; the others are of every user.",
  ].join("\n");
}
