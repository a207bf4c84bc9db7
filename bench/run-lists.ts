import { measureLists } from "./measure-lists.ts";
import { startStage } from "./start-stage.ts";

/** Measures the list of agents alone, from source, and prints the ratio of the gateway to the bare proxy. */
const effort = process.argv.includes("--quick")
  ? { rounds: 3, seconds: 1, warmUpSeconds: 4 }
  : { rounds: 9, seconds: 2, warmUpSeconds: 8 };
const stage = await startStage([process.execPath, "src/app/main.ts"]);
const { bare, gateway } = await measureLists(stage, effort);
await stage.stop();

for (const name of ["perSecond", "cpuMs", "p50", "p99"]) {
  const [bareValue = 0, value = 0] = [bare[name], gateway[name]];
  process.stdout.write(
    `${name}: bare ${bareValue.toPrecision(4)}, gateway ${value.toPrecision(4)}, ratio ${(value / bareValue).toPrecision(3)}\n`,
  );
}
process.exit(0);
