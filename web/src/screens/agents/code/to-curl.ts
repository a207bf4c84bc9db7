import { type Api, SAMPLE_MESSAGE, type SampleTarget, TOKEN_VARIABLE } from "#web/screens/agents/code/sample.ts";

/** Returns a sample for the shell, or undefined where curl does not speak the protocol. */
export function toCurl(api: Api, target: SampleTarget): string | undefined {
  switch (api) {
    case "chat":
      return request(target, "chat/completions", { messages: [{ role: "user", content: SAMPLE_MESSAGE }] });
    case "responses":
      return request(target, "responses", { input: SAMPLE_MESSAGE });
    case "websocket":
      return undefined;
  }
}

const request = ({ origin, agentKey }: SampleTarget, route: string, body: object): string =>
  `curl -N ${quote(`${origin}/v1/${route}`)} \\
  -H "Authorization: Bearer $${TOKEN_VARIABLE}" \\
  -H "Content-Type: application/json" \\
  -d ${quote(JSON.stringify({ model: `goclaw:${agentKey}`, stream: true, ...body }))}
`;

/** A word of the shell, in which nothing is expanded. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
