import { cpus, loadavg } from "node:os";
import { writeSection } from "../report-file.ts";
import { startStage } from "../start-stage.ts";
import { measureSockets, type SocketFigures } from "./measure-sockets.ts";

/**
 * Measures WebSockets beside HTTP, from source, and writes a section of docs/benchmarks.md. `--quick` measures one short
 * round and only prints the results.
 */
const isQuick = process.argv.includes("--quick");
const [rounds, seconds] = isQuick ? ([1, 1] as const) : ([7, 2] as const);
const stage = await startStage([process.execPath, "src/app/main.ts"]);
const report = toSection(await measureSockets(stage, rounds, seconds));
await stage.stop();
process.stdout.write(`\n${report}\n`);
if (!isQuick) writeSection("WebSockets", report);
process.exit(0);

function toSection({ rest, rpc, sseUs, socketUs, idleKilobytes }: SocketFigures): string {
  const row = (what: string, http: number, socket: number, goal = "") => {
    const [over, by] = [http, socket].map((value) => Number(value.toPrecision(3)));
    return `| ${what} | ${over} | ${by} | ${(socket / http).toFixed(2)} | ${goal} |`;
  };
  const of = (name: string) => [rest[name] ?? 0, rpc[name] ?? 0] as const;
  return [
    `Written by \`npm run bench -- sockets\`, from source, on SQLite. ${cpus().length} cores of ${cpus()[0]?.model}, Bun ${Bun.version}, load average ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 10)}; medians of ${rounds} rounds in turns.`,
    "",
    "| | HTTP | WebSocket | ratio | goal |",
    "|--|--|--|--|--|",
    row("`agents.list` of 20 agents, 16 clients, per second", ...of("perSecond")),
    row("the same, CPU ms each", ...of("cpuMs")),
    row("the same, p50 ms", ...of("p50")),
    row("a token of one run to 100 readers, CPU µs for each", sseUs, socketUs, "≤ 1.3"),
    "",
    `An idle socket takes ${idleKilobytes.toFixed(1)} kB (goal: at most 12).`,
  ].join("\n");
}
