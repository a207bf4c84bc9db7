import type { Context } from "#core/context.ts";
import type { ChatStep } from "#features/chat/encode-chat.ts";
import { LinkStream } from "#features/media/index.ts";

/** Signs the links to files in the text of an answer. A link that comes in pieces is delivered when it is complete. */
export async function* signSteps(ctx: Context, steps: AsyncIterable<ChatStep>): AsyncGenerator<ChatStep> {
  const links = new LinkStream(ctx);
  for await (const step of steps) {
    const content = step.kind === "delta" ? step.delta.content : undefined;
    if (step.kind === "delta" && content) {
      if (links.passes(content)) {
        yield step;
        continue;
      }
      const text = await links.push(content);
      if (text !== "") yield text === content ? step : { ...step, delta: { ...step.delta, content: text } };
      continue;
    }
    if (links.isHolding) yield { kind: "delta", delta: { content: await links.end() } };
    yield step;
  }
}
