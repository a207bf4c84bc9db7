import { FakeTelegram } from "#testing/channels/fake-telegram.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import type { TestDialect } from "#testing/test-database.ts";

/** A gateway in a process of its own, which tests kill, with an agent `echo` and a server of Telegram. */
export interface ChannelSite {
  readonly site: ServerSite;
  readonly model: ModelServer;
  readonly telegram: FakeTelegram;
  readonly call: ServerSite["call"];
  /** Ends the process as `kill -9` does. */
  kill(): void;
  /** Waits until the process has ended, and starts the next one. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startChannelSite(dialect: TestDialect, allowHosts: readonly string[] = []): Promise<ChannelSite> {
  const model = await startModelServer({ kept: 100 });
  const telegram = new FakeTelegram();
  const hosts = [`127.0.0.1:${model.port}`, `127.0.0.1:${telegram.port}`, ...allowHosts];
  const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: hosts.join(",") });
  let server: ServerProcess = await startReadyServer(site);
  await createAgent(site, { modelUrl: model.url, agent: "echo" });
  return {
    ...{ site, model, telegram },
    call: site.call,
    kill: () => server.signal("SIGKILL"),
    async restart() {
      await server.exited;
      server = await startReadyServer(site);
    },
    async stop() {
      server.signal("SIGKILL");
      await server.exited;
      await Promise.all([model.stop(), telegram.stop(), site.remove()]);
    },
  };
}
