import { type Api, SAMPLE_MESSAGE, type SampleTarget, TOKEN_VARIABLE } from "#web/screens/agents/code/sample.ts";

/** Returns a sample for TypeScript with OpenAI's package, or undefined where that does not speak the protocol. */
export function toTypeScriptOpenAi(api: Api, { origin, agentKey }: SampleTarget): string | undefined {
  const url = JSON.stringify(`${origin}/v1`);
  const model = JSON.stringify(`goclaw:${agentKey}`);
  const message = JSON.stringify(SAMPLE_MESSAGE);
  const open = `import OpenAI from "openai";

const openai = new OpenAI({ baseURL: ${url}, apiKey: process.env.${TOKEN_VARIABLE} });
`;
  switch (api) {
    case "chat":
      return `${open}
const stream = await openai.chat.completions.create({
  model: ${model},
  messages: [{ role: "user", content: ${message} }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}
`;
    case "responses":
      return `${open}
const stream = await openai.responses.create({
  model: ${model},
  input: ${message},
  stream: true,
});
for await (const event of stream) {
  if (event.type === "response.output_text.delta") process.stdout.write(event.delta);
}
`;
    case "websocket":
      return undefined;
  }
}
