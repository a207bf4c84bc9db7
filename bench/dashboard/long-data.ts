import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { chunk } from "#db/values.ts";
import type { Dashboard } from "#testing/browser/dashboard-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";

export const LIST_ROWS = 10_000;
export const LONG_SESSION = 2_000;
export const STREAM_TOKENS = 5_000;

/** Copies one run until there are as many as the list needs. */
export async function addRuns({ call, waitForEnd, gateway: { database } }: Dashboard): Promise<void> {
  const { body } = await call("POST", "/v1/agents/openai/runs", { input: "What is the weather in Đà Nẵng?" });
  await waitForEnd(body.id);
  const tenant = database.forTenant(MASTER_TENANT_ID);
  const run = await tenant.read.selectFrom("runs").selectAll().where("id", "=", body.id).executeTakeFirstOrThrow();
  const copies = Array.from({ length: LIST_ROWS - 1 }, (_, index) => {
    const id = newId();
    const at = new Date(Date.now() - index * 60_000).toISOString();
    const { tenant_id: _tenant, ...fields } = run;
    return { ...fields, id, trace_id: id, created_at: at, input_preview: `Question ${index} of somebody` };
  });
  for (const batch of chunk(copies)) {
    await tenant.write((queries) => queries.insertInto("runs", batch).execute());
  }
}

const ANSWER = `Here is **what I found**, in a table:

| city | high | low |
|--|--:|--:|
| Đà Nẵng | 31 | 24 |
| Hà Nội | 27 | 19 |

1. Take a hat.
2. Take \`water\`.

\`\`\`ts
const answer = await fetch("/v1/runs");
\`\`\``;

/** Makes a long session with one request, whose messages are the conversation. Returns its key. */
export async function makeLongSession({ call }: Dashboard): Promise<string> {
  const messages = Array.from({ length: LONG_SESSION - 1 }, (_, index) =>
    index % 2 === 0
      ? { role: "user", content: `Question ${index}: what is the weather?` }
      : { role: "assistant", content: ANSWER },
  );
  const answer = await call("POST", "/v1/chat/completions", { model: "goclaw:openai", messages });
  return decodeURIComponent(answer.headers.get("x-goclaw-session-key") ?? "");
}

/** How often the model sends, in milliseconds. */
const PAUSE_MS = 10;
const SECONDS = 6;
const WORDS = ["The ", "river ", "runs ", "to ", "the ", "**sea** ", "and ", "`back`, ", "as ", "clouds.\n\n"];

/** An answer that comes at the speed of the measurement. A word counts as a token. */
export function streamedAnswer(): ModelReply {
  const perChunk = (STREAM_TOKENS * PAUSE_MS) / 1_000;
  const chunks = (SECONDS * 1_000) / PAUSE_MS;
  const text = Array.from({ length: chunks }, (_, place) =>
    Array.from({ length: perChunk }, (_, word) => WORDS[(place * perChunk + word) % WORDS.length]).join(""),
  );
  return { text, chunkDelayMs: PAUSE_MS };
}
