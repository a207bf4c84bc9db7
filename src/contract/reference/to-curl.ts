import type { Exchange, ExchangeBody } from "#contract/reference/exchange.ts";

/** Bodies up to this length stay on one line. */
const LINE = 90;

/** Writes a request as a command to paste. `$GOCLAW` is the address of the gateway, `$AUTH` the header with the token. */
export function toCurl({ method, path, hasToken, headers, body }: Exchange): string {
  const verb = method === "GET" || (method === "POST" && body !== undefined) ? "" : `-X ${method} `;
  return [
    `curl ${verb}"$GOCLAW${path}"`,
    ...(hasToken ? [`-H "$AUTH"`] : []),
    ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`),
    ...toBodyOptions(body),
  ].join(" \\\n  ");
}

function toBodyOptions(body: ExchangeBody | undefined): readonly string[] {
  switch (body?.kind) {
    case undefined:
      return [];
    case "form":
      return [`-F "file=@${body.fileName}"`];
    case "text":
      return [`-d ${quote(body.text)}`];
    case "json":
      return [`-d ${quote(toReadableJson(body.value))}`];
  }
}

function toReadableJson(value: unknown): string {
  const line = JSON.stringify(value);
  return line.length > LINE ? JSON.stringify(value, null, 2).replaceAll("\n", "\n  ") : line;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
