import { type ReplyFunction, toChunks } from "#testing/model-server/model-reply.ts";
import { startModelServer } from "#testing/model-server/start-model-server.ts";

/**
 * Runs the scripted model as a separate process. The user's message selects the reply: `tool:<name> <json>` calls a
 * tool, `slow:<n>` streams n words slowly, and anything else is echoed.
 */
const reply: ReplyFunction = ({ toolResults, lastUserText }) => {
  if (toolResults.length > 0) return { text: toChunks(`done: ${toolResults.join(", ")}`) };

  const call = /tool:(?<name>[\w.-]+)[ \t]*(?<json>[^\n]*)/.exec(lastUserText)?.groups;
  if (call?.name) return { toolCalls: [{ name: call.name, arguments: call.json?.trim() || "{}" }] };

  const words = /slow:(\d+)/.exec(lastUserText)?.[1];
  if (words) return { text: Array.from({ length: Number(words) }, (_, index) => `word${index} `), chunkDelayMs: 5 };
  return { text: toChunks(`echo: ${lastUserText}`) };
};

const server = await startModelServer({ port: Number(process.argv[2] ?? 0), kept: 100 });
server.script(reply);
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);
