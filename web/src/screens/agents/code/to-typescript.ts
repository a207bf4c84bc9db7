import { type Api, SAMPLE_MESSAGE, type SampleTarget, TOKEN_VARIABLE } from "#web/screens/agents/code/sample.ts";

/** Returns a sample for TypeScript with GoClaw's own client, or undefined where another client is the better one. */
export function toTypeScript(api: Api, { origin, agentKey }: SampleTarget): string | undefined {
  const [url, agent, message] = [origin, agentKey, SAMPLE_MESSAGE].map((text) => JSON.stringify(text));
  const open = `import { createClient } from "goclaw/client";

const goclaw = createClient({ url: ${url}, token: process.env.${TOKEN_VARIABLE} });
`;
  switch (api) {
    case "chat":
      return `${open}
for await (const event of goclaw.chat({ agent: ${agent}, message: ${message} })) {
  if (event.type === "text.delta") process.stdout.write(event.text);
}
`;
    case "responses":
      return undefined;
    case "websocket":
      return `${open}const live = goclaw.connect();

const run = await live.call("runs.start", { id: ${agent}, input: ${message} });
for await (const event of live.followRun(run.id)) {
  if (event.type === "text.delta") process.stdout.write(event.text);
}
live.close();
`;
  }
}
