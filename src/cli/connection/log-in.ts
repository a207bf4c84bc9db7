import { readFileSync } from "node:fs";
import { isLoopback } from "#base/is-loopback.ts";
import { Secret } from "#base/secret.ts";
import { UsageError } from "#cli/command-errors.ts";
import { toAddress } from "#cli/connection/find-target.ts";
import { openClient } from "#cli/connection/open-client.ts";
import type { Target } from "#cli/connection/target.ts";
import { VARIABLES } from "#cli/connection/variables.ts";
import type { Invocation } from "#cli/invocation.ts";
import { ask, askSecretly } from "#cli/terminal/ask.ts";
import { safeLine } from "#cli/terminal/safe-text.ts";

/** How API keys begin. They may belong to a user. */
const API_KEY = "goclaw_";

/** Asks for what is missing, tries it, and stores it. Nothing is stored that the gateway refuses. */
export async function logIn(invocation: Invocation, name: string | undefined): Promise<undefined> {
  const { terminal, contexts } = invocation;
  const url = toAddress(await findUrl(invocation));
  const stored = { ...(await findToken(invocation)), ...optionsOf(invocation) };
  const target: Target = { source: { kind: "named" }, url, ...stored };
  invocation.aimAt(target);
  await openClient(target, terminal.env).call("agents.list", { limit: 1 });
  const { token, user, tenant } = stored;
  const title = safeLine(name ?? new URL(url).host);
  contexts.save(title, {
    url,
    ...(token && { token: token.reveal() }),
    ...(user !== undefined && { user }),
    ...(tenant !== undefined && { tenant }),
  });
  invocation.print(`Logged in to ${url}. Commands call it now; its name is ${title}.`);
  if (user === undefined && !token?.reveal().startsWith(API_KEY))
    invocation.note("A gateway token acts for users. --user NAME says for whom; some commands need it.");
  if (isReadableOnTheWay(url)) invocation.note("The address is plain http: whoever is on the way can read the token.");
  return undefined;
}

async function findUrl({ options, terminal }: Invocation): Promise<string> {
  const given = options.url ?? terminal.env[VARIABLES.url];
  if (given) return given;
  const asked = terminal.isInteractive ? await ask(terminal, "Address of the gateway: ") : undefined;
  if (!asked?.trim()) throw new UsageError("say which gateway: --url https://gateway.example.com");
  return asked.trim();
}

/** An option of a command line is seen by all who list processes, so the other ways are better. */
async function findToken({ options, terminal }: Invocation): Promise<{ readonly token?: Secret }> {
  const given = options.token ?? (terminal.env[VARIABLES.token] || (await readToken()));
  return given?.trim() ? { token: new Secret(given.trim()) } : {};

  async function readToken(): Promise<string | undefined> {
    if (terminal.isInteractive) return askSecretly(terminal, "Token (it is not shown): ");
    return readFileSync(0, "utf8");
  }
}

const optionsOf = ({ options, terminal }: Invocation) => {
  const user = options.user ?? terminal.env[VARIABLES.user];
  const tenant = options.tenant ?? terminal.env[VARIABLES.tenant];
  return { ...(user && { user }), ...(tenant && { tenant }) };
};

function isReadableOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !isLoopback(hostname);
}
