import { FrameParser } from "#testing/run-follower.ts";

/** An event of a streamed response, with the fields that tests use. */
export interface WireResponseEvent {
  readonly type: string;
  readonly sequence_number?: number;
  readonly [field: string]: unknown;
}

/** Reads the events of a streamed response as they arrive. Throws unless each has the name of its type, or none. */
export async function* readResponseStream(response: Response): AsyncGenerator<WireResponseEvent> {
  const parser = new FrameParser();
  for await (const bytes of response.body ?? []) {
    for (const { event: name, data } of parser.push(bytes)) {
      const event = JSON.parse(data) as WireResponseEvent;
      if (name !== "" && name !== event.type) throw new Error(`the event ${name} has the type ${event.type}`);
      yield event;
    }
  }
}

/** Joins the pieces of text among events of OpenAI's vocabulary. */
export const textOfEvents = (events: readonly { readonly type: string; readonly delta?: unknown }[]): string =>
  events.map(({ type, delta }) => (type === "response.output_text.delta" ? String(delta) : "")).join("");
