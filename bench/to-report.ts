import { cpus } from "node:os";
import { type Measured, TOOL_ROUNDS } from "./measure-all.ts";
import type { Effort, Figures } from "./measurements.ts";

type Row = readonly [what: string, bare: string, gateway: string, ratio: string, goal: string];

/** Returns the Markdown page with the results, the machine and the method. */
export function toReport(measured: Measured, { rounds, seconds }: Effort): string {
  const rows = [...chatRows(measured), ...streamRows(measured), ...otherRows(measured)];
  const table = rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `# Benchmarks

Written by \`npm run bench\`. ${cpus().length} cores of ${cpus()[0]?.model ?? "an unknown CPU"}, Bun ${Bun.version}, ${new Date().toISOString().slice(0, 10)};
medians of ${rounds} rounds of ${seconds} s. Model, load generator, bare proxy and gateway share the machine, so ratios and CPU say more than rates.

The **bare proxy** is the least that any gateway does: it parses requests and answers, event by event, and writes them again. It checks and keeps nothing.
The **gateway** is \`dist/goclaw\` as it is installed, on SQLite: every run, message and event is on disk before the client hears of it.

| | bare proxy | gateway | gateway / bare | goal |
|--|--|--|--|--|
${table}

A *chat* is answered whole; its model answers at once. *Added* is what a proxy adds to the same call made straight to the model; a token's delay is from its sending
to its arrival. *CPU* counts user and system time of the server alone. All streams of a row begin at the same moment.
`;
}

function chatRows({ chats }: Measured): Row[] {
  return [...chats].flatMap(([clients, { bare, gateway }]): Row[] => {
    const isGoal = clients === 16;
    const who = clients === 1 ? "1 client" : `${clients} clients`;
    return [
      row(`chats/s, ${who}`, bare, gateway, "perSecond", 0, isGoal ? "≥ 0.12 of bare" : ""),
      row(`CPU ms per chat, ${who}`, bare, gateway, "cpuMs", 3, isGoal ? "≤ 0.6 ms" : ""),
      row(`p99 ms, ${who}`, bare, gateway, "p99", 1, ""),
    ];
  });
}

function streamRows({ streams }: Measured): Row[] {
  return [...streams].flatMap(([{ streams: count }, { model, bare, gateway }]): Row[] => {
    const added = (figures: Figures, name: string) => ({ ...figures, [name]: of(figures, name) - of(model, name) });
    const title = `${count} ${count === 1 ? "stream" : "streams"}`;
    return [
      row(
        `${title}: added ms to first token, p50`,
        added(bare, "firstP50"),
        added(gateway, "firstP50"),
        "firstP50",
        1,
        count === 100 ? "≤ 10 × bare" : "",
      ),
      row(`${title}: first token ms, slowest`, bare, gateway, "firstMax", 1, count === 500 ? "none waits" : ""),
      row(`${title}: added ms per token, p50`, added(bare, "delayP50"), added(gateway, "delayP50"), "delayP50", 2, ""),
      row(`${title}: delay ms of a token, p99`, bare, gateway, "delayP99", 1, ""),
      row(`${title}: CPU µs per token`, bare, gateway, "cpuUs", 0, "≤ 3 × bare"),
    ];
  });
}

function otherRows({ agents, toolRun, mcpRun, delay, hostile, start }: Measured): Row[] {
  const alone = (what: string, value: number, digits: number, goal: string): Row => [
    what,
    "",
    value.toFixed(digits),
    "",
    goal,
  ];
  const mcpMs = (of(mcpRun, "cpuMs") - of(toolRun, "cpuMs")) / TOOL_ROUNDS;
  return [
    row("`GET /v1/agents`/s of 20 agents, 16 clients", agents.bare, agents.gateway, "perSecond", 0, "≥ 0.15 of bare"),
    row("CPU ms per list", agents.bare, agents.gateway, "cpuMs", 3, ""),
    alone("a run of ten tool rounds, ms", of(toolRun, "p50"), 1, ""),
    alone("the same, runs/s of 16 clients", of(toolRun, "perSecond"), 0, ""),
    alone("the same, CPU ms", of(toolRun, "cpuMs"), 1, ""),
    alone("added by calls of an MCP server, CPU ms per call", mcpMs, 2, "≤ 3 ms"),
    alone("event loop delay under chats, p50 ms", delay.p50, 1, ""),
    alone("event loop delay under chats, p99 ms", delay.p99, 1, "≤ 30 ms"),
    alone("growth for one chat of 19 MB, × its size", of(hostile, "growth"), 1, "≤ 4 ×"),
    alone("growth for a large image, MB", of(hostile, "imageGrowth"), 0, "≤ 32 MB"),
    alone("event loop delay under hostile bodies, p99 ms", of(hostile, "delayP99"), 1, ""),
    alone("the same, longest, ms", of(hostile, "delayMax"), 1, "≤ 100 ms"),
    alone("the same, peak memory, MB", of(hostile, "peakMegabytes"), 0, "≤ 4 × the bodies"),
    alone("first start, ms", of(start, "firstMs"), 0, ""),
    alone("start, ms", of(start, "againMs"), 0, "≤ 250 ms"),
    alone("idle memory, MB", of(start, "idleMegabytes"), 0, "≤ 90 MB"),
  ];
}

function row(what: string, bare: Figures, gateway: Figures, name: string, digits: number, goal: string): Row {
  const [bareValue, gatewayValue] = [of(bare, name), of(gateway, name)];
  return [
    what,
    bareValue.toFixed(digits),
    gatewayValue.toFixed(digits),
    bareValue > 0 ? (gatewayValue / bareValue).toPrecision(3) : "",
    goal,
  ];
}

const of = (figures: Figures, name: string): number => figures[name] ?? 0;
