import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startChild, untilAnswers } from "./processes.ts";
import { gatewayEnvironment } from "./start-stage.ts";

/** A gateway and its model without a load. It can be stopped while a measurement fills its database. */
export interface LoneGateway {
  readonly home: string;
  readonly port: number;
  readonly modelPort: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops both and deletes the home. */
  remove(): Promise<void>;
}

/** Starts a gateway on a new home. `command` starts it, and `name` is part of the home's name. */
export async function startLoneGateway(command: readonly string[], name: string): Promise<LoneGateway> {
  const home = mkdtempSync(join(tmpdir(), `goclaw-${name}-`));
  const [modelPort, port] = [freePort(), freePort()];
  const model = startChild([process.execPath, "bench/model-server.ts", String(modelPort)], {});
  const open = async () => {
    const child = startChild([...command, "serve"], gatewayEnvironment(home, port, modelPort));
    await untilAnswers(`http://127.0.0.1:${port}/ready`);
    return child;
  };
  let gateway = await open();
  const token = readFileSync(join(home, "secrets/gateway-token"), "utf8").trim();
  const end = async (child: Bun.Subprocess) => {
    child.kill();
    await child.exited;
  };
  return {
    home,
    port,
    modelPort,
    headers: { Authorization: `Bearer ${token}`, "X-GoClaw-User-Id": "bench" },
    get pid() {
      return gateway.pid;
    },
    stop: () => end(gateway),
    async start() {
      gateway = await open();
    },
    async remove() {
      await end(gateway);
      await end(model);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
