import { measureScale } from "./measure-scale.ts";

/** Measures reads of a long history, and of one a tenth as long. `--quick` measures a short one alone. */
const log = (line: string) => void process.stdout.write(`${line}\n`);
const sizes = process.argv.includes("--quick") ? [2_000] : [10_000, 100_000];
const command = [process.execPath, "src/app/main.ts"];
const results = [];
for (const sessions of sizes) results.push(await measureScale(command, sessions, log));

log(`\n| read, 95th percentile in ms | ${sizes.map((size) => `${size * 10} messages and spans`).join(" | ")} |`);
log(`|--|${sizes.map(() => "--|").join("")}`);
for (const name of Object.keys(results[0]?.readMs ?? {})) {
  log(`| ${name} | ${results.map(({ readMs }) => (readMs[name] ?? 0).toFixed(1)).join(" | ")} |`);
}
log(
  `| chats/s meanwhile, p50, p99 | ${results.map(({ chats }) => [chats.perSecond, chats.p50, chats.p99].map((value) => value.toFixed(1)).join(", ")).join(" | ")} |`,
);
log(`| counting all usage, s | ${results.map(({ countingSeconds }) => countingSeconds).join(" | ")} |`);
process.exit(0);
