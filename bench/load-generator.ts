import { HttpConnection, toRequestBytes } from "./http-connection.ts";
import type { ClosedResult, LoadJob, StreamsResult } from "./load-jobs.ts";
import { percentilesOf } from "./statistics.ts";
import { wallClock } from "./wall-clock.ts";

// Runs in a separate process, so that the measured server cannot delay sending and measuring.
process.on("message", async (job: LoadJob) => {
  process.send?.(job.kind === "closed" ? await runClosed(job) : await runStreams(job));
});
process.on("disconnect", () => process.exit(0));

type JobOf<Kind extends LoadJob["kind"]> = Extract<LoadJob, { readonly kind: Kind }>;

async function runClosed({ request, clients, seconds }: JobOf<"closed">): Promise<ClosedResult> {
  const bytes = toRequestBytes(request.method, request.path, request.headers, request.body);
  const connections = await openAll(request.port, clients);
  const latencies: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  await Promise.all(
    connections.map(async (connection) => {
      for (let sentAt = performance.now(); sentAt < end; sentAt = performance.now()) {
        const { status } = await connection.send(bytes);
        if (status !== 200) failed++;
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const took = (performance.now() - startedAt) / 1_000;
  for (const connection of connections) connection.close();
  return { answered: latencies.length, failed, seconds: took, latencyMs: percentilesOf(latencies) };
}

const TOKEN = /@(\d+\.\d{3}) /g;
/** The characters kept from the end of a packet, which may contain the start of a cut-off token. */
const TOKEN_LENGTH = 20;

async function runStreams({ request, streams }: JobOf<"streams">): Promise<StreamsResult> {
  const bytes = toRequestBytes(request.method, request.path, request.headers, request.body);
  const connections = await openAll(request.port, streams);
  const firstTokens: number[] = [];
  const delays: number[] = [];
  let failed = 0;
  await Promise.all(
    connections.map(async (connection) => {
      let first: number | undefined;
      let rest = "";
      const sentAt = performance.now();
      const { status } = await connection.send(bytes, (text) => {
        const now = wallClock();
        const all = rest + text;
        let end = Math.max(0, all.length - TOKEN_LENGTH);
        for (const match of all.matchAll(TOKEN)) {
          first ??= performance.now() - sentAt;
          delays.push(now - Number(match[1]));
          end = Math.max(end, match.index + match[0].length);
        }
        rest = all.slice(end);
      });
      if (status !== 200 || first === undefined) failed++;
      else firstTokens.push(first);
    }),
  );
  for (const connection of connections) connection.close();
  const [firstTokenMs, tokenDelayMs] = [percentilesOf(firstTokens), percentilesOf(delays)];
  return { failed, tokens: delays.length, firstTokenMs, tokenDelayMs };
}

const openAll = (port: number, count: number) =>
  Promise.all(Array.from({ length: count }, () => HttpConnection.open(port)));
