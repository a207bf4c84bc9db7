import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChatGateway, type ChatGatewayOptions, startChatGateway } from "#testing/chat-fixture.ts";
import {
  type CommandOutcome,
  type RunningGoclaw,
  runGoclaw,
  startGoclaw,
  startOnTerminal,
} from "#testing/run-goclaw.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

export interface CliGateway extends ChatGateway {
  /** The home directory of the person at the command line. */
  readonly place: string;
  /** Runs a command against the gateway to its end, with a text for its standard input. */
  goclaw(args: readonly string[], options?: GoclawOptions): Promise<CommandOutcome>;
  start(args: readonly string[], options?: GoclawOptions): RunningGoclaw;
  onTerminal(args: readonly string[], options?: GoclawOptions): RunningGoclaw;
}

export interface GoclawOptions {
  readonly input?: string | Uint8Array<ArrayBuffer>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a gateway with a scripted model, and a home directory for commands that call it. */
export async function startCliGateway(options: ChatGatewayOptions = {}): Promise<CliGateway> {
  const gateway = await startChatGateway({ wires: ["openai"], ...options });
  const place = mkdtempSync(join(tmpdir(), "goclaw-cli-"));
  const variables = { GOCLAW_URL: gateway.url, GOCLAW_TOKEN: gateway.token, GOCLAW_USER: TEST_USER };
  return {
    ...gateway,
    place,
    goclaw: (args, { input, env } = {}) => runGoclaw(place, args, { ...variables, ...env }, input),
    start: (args, { env } = {}) => startGoclaw(place, args, { ...variables, ...env }),
    onTerminal: (args, { env } = {}) => startOnTerminal(place, args, { ...variables, ...env }),
    async stop() {
      await gateway.stop();
      rmSync(place, { recursive: true });
    },
  };
}
