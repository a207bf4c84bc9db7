import type { Config } from "#app/config/schema.ts";
import { ok, problem, warning } from "#app/doctor/finding.ts";
import { createEgress } from "#base/egress/create-egress.ts";
import type { Finding } from "#core/findings.ts";
import { codeOf } from "#db/errors.ts";
import { listen } from "#transport/http/listen.ts";

const WAIT_MS = 3_000;

/** Checks that the gateway answers if it runs with this home. Otherwise checks that its port is free. */
export function examineGateway(config: Config, isRunning: boolean): Promise<Finding> | Finding {
  const { host, port } = config.gateway;
  if (isRunning) return askGateway(toDialled(host), port);
  try {
    void listen(async () => new Response(), { host, port }).stop(true);
    return ok("gateway", `not running; ${host}:${port} is free for it`);
  } catch (thrown) {
    const advice = `Stop what uses it, or choose another with GOCLAW_PORT=${port + 1}.`;
    if (codeOf(thrown) === "EADDRINUSE") return problem("gateway", `not running, and ${host}:${port} is taken`, advice);
    return problem(
      "gateway",
      `${host}:${port} cannot be listened on`,
      "Set gateway.host to an address of this machine.",
    );
  }
}

async function askGateway(host: string, port: number): Promise<Finding> {
  const name = `${host}:${port}`;
  const egress = createEgress({ allowHosts: new Set([name]), allowPrivateProviderUrls: false });
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const { status } = await egress.for("web").fetch(`http://${name}/ready`, { signal });
    if (status === 200) return ok("gateway", `runs and answers on ${name}`);
    return warning("gateway", `runs but is not ready (${status})`, "Wait a moment; if it stays so, look at its log.");
  } catch {
    const advice = "If it was started with another host or port, set the same ones for this command.";
    return problem("gateway", `a process holds this home, and nothing answers on ${name}`, advice);
  } finally {
    egress.close();
  }
}

/** Returns the host to dial for a host to listen on. Dials loopback if the gateway listens on every address. */
const toDialled = (host: string): string =>
  host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
