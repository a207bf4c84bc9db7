// Makes three calls with the types of openapi-typescript, and prints what they answered.
import createClient from "openapi-fetch";
import type { paths } from "./generated/openapi-typescript.ts";

const [baseUrl = "", token = ""] = process.argv.slice(2);
const client = createClient<paths, "application/json">({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const agents = await client.GET("/v1/agents");
const chat = await client.POST("/v1/chat/completions", {
  body: { model: "goclaw:openai", messages: [{ role: "user", content: "hello" }] },
});
const woken = await client.POST("/v1/agents/{id}/wake", {
  params: { path: { id: "openai" }, header: { "X-GoClaw-User-Id": "ada" } },
  body: { message: "hello" },
});
const answers = [
  agents.data?.agents.map(({ agent_key }) => agent_key),
  chat.data?.choices[0]?.message.content,
  woken.data?.content,
];
process.stdout.write(JSON.stringify(answers));
