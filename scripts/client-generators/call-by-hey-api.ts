// Makes three calls with the client of Hey API, and prints what they answered.
import { client } from "./generated/hey-api/client.gen.ts";
import { agentsList, agentsWake, chatCompletions } from "./generated/hey-api/index.ts";

const [baseUrl = "", token = ""] = process.argv.slice(2);
client.setConfig({ baseUrl, auth: token });
const agents = await agentsList();
const chat = await chatCompletions({
  body: { model: "goclaw:openai", messages: [{ role: "user", content: "hello" }] },
});
const woken = await agentsWake({
  path: { id: "openai" },
  headers: { "X-GoClaw-User-Id": "ada" },
  body: { message: "hello" },
});
const answers = [
  agents.data?.agents.map(({ agent_key }) => agent_key),
  chat.data?.choices[0]?.message.content,
  woken.data?.content,
];
process.stdout.write(JSON.stringify(answers));
