import { type Api, SAMPLE_MESSAGE, type SampleTarget, TOKEN_VARIABLE } from "#web/screens/agents/code/sample.ts";

/** Returns a sample for Python: with OpenAI's package, or with `websockets`. */
export function toPython(api: Api, target: SampleTarget): string {
  switch (api) {
    case "chat":
      return `${open(target)}
stream = client.chat.completions.create(
    model=${modelOf(target)},
    messages=[{"role": "user", "content": ${JSON.stringify(SAMPLE_MESSAGE)}}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
`;
    case "responses":
      return `${open(target)}
stream = client.responses.create(
    model=${modelOf(target)},
    input=${JSON.stringify(SAMPLE_MESSAGE)},
    stream=True,
)
for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)
print()
`;
    case "websocket":
      return toSocket(target);
  }
}

const modelOf = ({ agentKey }: SampleTarget): string => JSON.stringify(`goclaw:${agentKey}`);

const open = ({ origin }: SampleTarget): string => `import os

from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(`${origin}/v1`)}, api_key=os.environ["${TOKEN_VARIABLE}"])
`;

const toSocket = ({ origin, agentKey }: SampleTarget): string => `import json
import os

from websockets.sync.client import connect

with connect(${JSON.stringify(`${origin.replace(/^http/, "ws")}/ws`)}) as socket:
    def call(id, method, params):
        socket.send(json.dumps({"type": "req", "id": id, "method": method, "params": params}))

    call("1", "connect", {"token": os.environ["${TOKEN_VARIABLE}"]})
    call("2", "chat.send", {"agentId": ${JSON.stringify(agentKey)}, "message": ${JSON.stringify(SAMPLE_MESSAGE)}})
    for frame in map(json.loads, socket):
        if frame["type"] == "res" and not frame["ok"]:
            raise SystemExit(frame["error"]["message"])
        if frame["type"] == "event" and frame["payload"].get("type") == "chunk":
            print(frame["payload"]["payload"]["content"], end="", flush=True)
        if frame["type"] == "res" and frame["id"] == "2":
            break
print()
`;
