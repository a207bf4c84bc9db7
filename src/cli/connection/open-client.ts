import type { Target } from "#cli/connection/target.ts";
import type { Environment } from "#cli/terminal/terminal.ts";
import { type Client, createClient } from "#client/index.ts";

/** Creates a client of a gateway. A person sees at once what fails, so nothing is repeated behind their back. */
export function openClient({ url, token, user, tenant }: Target, env: Environment): Client {
  const locale = localeOf(env);
  return createClient({
    url,
    retries: 0,
    ...(token && { token: token.reveal() }),
    ...(user !== undefined && { userId: user }),
    ...(tenant !== undefined && { tenant }),
    ...(locale !== undefined && { locale }),
  });
}

/** The gateway refuses in the language of the terminal, where it knows it. */
function localeOf({ LC_ALL, LC_MESSAGES, LANG }: Environment): string | undefined {
  const [language = ""] = (LC_ALL || LC_MESSAGES || LANG || "").split(/[_.]/);
  return ["en", "vi", "zh"].find((known) => known === language);
}
