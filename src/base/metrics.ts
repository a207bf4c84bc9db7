import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Bun has no spaces in its heap, and visits all of it for them, which holds the event loop for up to 100 ms. */
const HEAP_SPACES = ["total", "used", "available"].map((kind) => `goclaw_nodejs_heap_space_size_${kind}_bytes`);

/** The gateway's Prometheus metrics. Labels never hold ids of users or tenants. */
export interface Metrics {
  readonly registry: Registry;
  readonly httpRequests: Counter<"operation" | "status">;
  readonly httpSeconds: Histogram<"operation">;
  readonly socketCalls: Counter<"operation" | "status">;
  readonly sockets: Gauge;
  readonly runsEnded: Counter<"status" | "kind">;
  readonly runsActive: Gauge;
  readonly modelCalls: Counter<"provider_type" | "outcome">;
  readonly modelTokens: Counter<"direction">;
  readonly toolCalls: Counter<"tool" | "outcome">;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "goclaw_" });
  for (const name of HEAP_SPACES) registry.removeSingleMetric(name);
  const registers = [registry];
  return {
    registry,
    httpRequests: new Counter({
      name: "goclaw_http_requests_total",
      help: "Answered HTTP requests",
      labelNames: ["operation", "status"],
      registers,
    }),
    httpSeconds: new Histogram({
      name: "goclaw_http_request_seconds",
      help: "Time until the answer began",
      labelNames: ["operation"],
      buckets: SECONDS,
      registers,
    }),
    socketCalls: new Counter({
      name: "goclaw_socket_calls_total",
      help: "Answered calls on WebSockets",
      labelNames: ["operation", "status"],
      registers,
    }),
    sockets: new Gauge({ name: "goclaw_sockets", help: "Open WebSockets", registers }),
    runsEnded: new Counter({
      name: "goclaw_runs_ended_total",
      help: "Ended runs",
      labelNames: ["status", "kind"],
      registers,
    }),
    runsActive: new Gauge({ name: "goclaw_runs_active", help: "Runs that this process works on", registers }),
    modelCalls: new Counter({
      name: "goclaw_model_calls_total",
      help: "Calls to model providers",
      labelNames: ["provider_type", "outcome"],
      registers,
    }),
    modelTokens: new Counter({
      name: "goclaw_model_tokens_total",
      help: "Tokens",
      labelNames: ["direction"],
      registers,
    }),
    toolCalls: new Counter({
      name: "goclaw_tool_calls_total",
      help: "Tool calls that ran here",
      labelNames: ["tool", "outcome"],
      registers,
    }),
  };
}
