import { startStage } from "../start-stage.ts";
import { measureSockets } from "./measure-sockets.ts";

/** Measures WebSockets beside HTTP, from source, and prints the ratios. */
const [rounds, seconds] = process.argv.includes("--quick") ? [1, 1] : [7, 2];
const stage = await startStage([process.execPath, "src/app/main.ts"]);
const { rest, rpc, sseUs, socketUs, idleKilobytes } = await measureSockets(stage, rounds, seconds);
await stage.stop();

const log = (line: string) => void process.stdout.write(`${line}\n`);
for (const name of ["perSecond", "cpuMs", "p50", "p99"]) {
  const [over, by] = [rest[name] ?? 0, rpc[name] ?? 0];
  log(
    `agents.list, ${name}: REST ${over.toPrecision(3)}, socket ${by.toPrecision(3)}, ratio ${(by / over).toFixed(2)}`,
  );
}
const ratio = (socketUs / sseUs).toFixed(2);
log(`a token to 100 readers, CPU µs each: SSE ${sseUs.toFixed(1)}, socket ${socketUs.toFixed(1)}, ratio ${ratio}`);
log(`an idle socket: ${idleKilobytes.toFixed(1)} kB`);
process.exit(0);
