import type { Secret } from "#base/secret.ts";

export interface WelcomeOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined if the gateway requires none. */
  readonly token: Secret | undefined;
  readonly tokenIsNew: boolean;
  /** A command that prints the token. The line to paste contains it if the token is not shown. */
  readonly tokenCommand: string;
}

/** Returns the text that a start prints: the URL, the token if it is new, and a command to paste. */
export function welcome({ host, port, token, tokenIsNew, tokenCommand }: WelcomeOptions): string {
  const url = `http://${reachableName(host)}:${port}`;
  const shown = tokenIsNew && token ? token.reveal() : `$(${tokenCommand})`;
  const authorization = token ? ` \\\n    -H "Authorization: Bearer ${shown}"` : "";
  const lines = [
    "",
    `  GoClaw is ready at ${url}  (API docs: ${url}/docs)`,
    "",
    ...(tokenIsNew && token ? [`  Gateway token, shown this once: ${token.reveal()}`, ""] : []),
    "  Try it:",
    "",
    `    curl -N ${url}/v1/chat/completions${authorization} \\`,
    `    -H "Content-Type: application/json" \\`,
    `    -d '{"model":"goclaw:default","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'`,
    "",
    "",
  ];
  return lines.join("\n");
}

/** Returns the name by which this machine reaches a gateway that listens on a host. */
export const reachableName = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};
