import type { Secret } from "#base/secret.ts";

export interface WelcomeOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined if the gateway requires none. */
  readonly token: Secret | undefined;
  readonly tokenIsNew: boolean;
  /** A link that signs a browser in, once. */
  readonly link: string | undefined;
  /** The command of this program, such as `npx goclaw`. */
  readonly command: string;
  /** The variables by which the command finds this gateway in another terminal. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Returns the text that a start prints: the URL, a link and the token if it is new, and commands to paste. */
export function welcome(options: WelcomeOptions): string {
  const { token, tokenIsNew, link, command, variables } = options;
  const url = toUrl(options);
  const goclaw = [...Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`), command].join(" ");
  const shown = tokenIsNew && token ? token.reveal() : `$(${goclaw} token)`;
  const authorization = token ? ` \\\n    -H "Authorization: Bearer ${shown}"` : "";
  const lines = [
    "",
    `  GoClaw is ready at ${url}  (API docs: ${url}/docs)`,
    "",
    ...(link ? ["  Open the dashboard (this link works once, for ten minutes):", "", `    ${link}`, ""] : []),
    ...(link || !token ? [] : [`  Open the dashboard: ${goclaw} dashboard`, ""]),
    ...(tokenIsNew && token ? [`  Gateway token, shown this once: ${token.reveal()}`, ""] : []),
    "  Talk to it, in another terminal:",
    "",
    `    ${goclaw} chat "Hello!"`,
    "",
    "  Or over HTTP:",
    "",
    `    curl -N ${url}/v1/chat/completions${authorization} \\`,
    `    -H "Content-Type: application/json" \\`,
    `    -d '{"model":"goclaw:default","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'`,
    "",
    "",
  ];
  return lines.join("\n");
}

/** Returns the address by which this machine reaches a gateway. */
export const toUrl = ({ host, port }: Pick<WelcomeOptions, "host" | "port">): string =>
  `http://${reachableName(host)}:${port}`;

const quote = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Returns the name by which this machine reaches a gateway that listens on a host. */
export const reachableName = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};
