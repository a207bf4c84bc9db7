import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { accumulateResponse } from "openai/lib/responses/ResponseAccumulator";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { ResponseHead } from "#features/responses/output/to-response.ts";
import { toResponseId } from "#features/responses/response-ids.ts";
import { encodeStream } from "#features/responses/stream/encode-stream.ts";
import type { Numbering } from "#features/responses/stream/event-sequence.ts";
import { ResponseWriter } from "#features/responses/stream/response-writer.ts";
import type { StreamEvent } from "#features/responses/stream/stream-events.ts";
import { type FollowedEvent, NO_USAGE, type RunEvent, runError } from "#runtime/runs/index.ts";
import type { Message, MessagePart } from "#runtime/transcript/index.ts";

const IDS = ["01a2047e-effb-71b7-96c8-df5e7e852d34", "01a2047e-effb-71b7-96c8-df5e7e852d35"];
const RUNS = { numRuns: 500 };

const HEAD: ResponseHead = {
  id: toResponseId(IDS[0] ?? ""),
  created_at: 0,
  model: "m",
  background: false,
  frequency_penalty: 0,
  conversation: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
};

/** Holds back a word that begins with a slash until it is complete, as links are. */
function createFilter() {
  let held = "";
  return {
    passes: () => false,
    async push(piece: string) {
      const text = held + piece;
      held = /\/\S*$/.exec(text)?.[0] ?? "";
      return text.slice(0, text.length - held.length);
    },
    async end() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}

interface Reader {
  readonly numbering?: Numbering;
  readonly after?: number;
  readonly showsSummary?: boolean;
  readonly seals?: boolean;
}

/** Returns the events of the stream of a run. */
async function write(events: readonly FollowedEvent[], reader: Reader = {}): Promise<readonly StreamEvent[]> {
  const { numbering = "counted", after = -1, showsSummary = false, seals = false } = reader;
  const writer = new ResponseWriter({
    head: { ...HEAD, background: numbering === "placed" },
    numbering,
    after,
    reasoning: { showsSummary, seal: seals ? () => "sealed" : undefined },
    createFilter,
    deliver: async (message) => message,
    failureOf: () => ({ code: "server_error", message: "", details: { code: "INTERNAL" } }),
    describe: () => ({
      code: "INTERNAL",
      message: "",
      retryable: false,
      retryAfterMs: 0,
      type: "server_error",
      param: null,
    }),
    endedAt: async () => new Date(0),
  });
  async function* run() {
    yield* events;
  }
  const frames = await Array.fromAsync(encodeStream(run(), writer, { after, toFrame: JSON.stringify }));
  return frames.map((frame) => JSON.parse(frame));
}

const follow = (events: readonly RunEvent[]): readonly FollowedEvent[] =>
  events.map((event, index) => ({ event: { ...event, seq: index + 1 }, cursor: "" }));

const aMessage = (id: string, parts: readonly MessagePart[], is_complete = true): Message => ({
  ...{ id, parent_id: null, role: "assistant", run_id: null, created_at: "" },
  parts: [...parts],
  is_complete,
});

const anId = fc.constantFrom(...IDS);
// Any code units, so characters of two are cut in the middle.
const aText = fc.string({ unit: fc.constantFrom("a", "/", "\n", "é", "\uD83D", "\uDC4B", "世"), maxLength: 6 });
const aPart: fc.Arbitrary<MessagePart> = fc.oneof(
  aText.map((text) => ({ type: "text" as const, text: text.toWellFormed() })),
  aText.map((text) => ({ type: "reasoning" as const, text: text.toWellFormed() })),
  fc.boolean().map((is_client) => ({
    ...{ type: "tool_call" as const, id: "call_0123456789abcdef01234567", name: "f", arguments: "{}" },
    is_client,
  })),
);
const usage = NO_USAGE;
const anEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.constantFrom<RunEvent>(
    { type: "run.queued" },
    { type: "run.started", attempt: 1 },
    { type: "tool.call", callId: "c", name: "f", arguments: "{}", isClient: false },
    { type: "tool.progress", callId: "c", name: "f", progress: 1 },
    { type: "tool.result", callId: "c", name: "f", text: "", isError: false },
  ),
  anId.map((messageId) => ({ type: "message.started" as const, messageId })),
  anId.map((messageId) => ({ type: "message.reset" as const, messageId })),
  fc
    .tuple(fc.constantFrom("text.delta" as const, "reasoning.delta" as const), anId, fc.nat(20), aText)
    .map(([type, messageId, offset, text]) => ({ type, messageId, offset, text })),
  fc
    .tuple(anId, fc.array(aPart, { maxLength: 4 }), fc.boolean())
    .map(([id, parts, whole]) => ({ type: "message.completed" as const, message: aMessage(id, parts, whole) })),
);
const anEnd = fc.constantFrom<RunEvent>(
  { type: "run.completed", finish: "stop", usage },
  { type: "run.completed", finish: "length", usage },
  { type: "run.failed", error: runError("INTERNAL", "error.run_internal", {}), usage },
  { type: "run.cancelled", reason: "", usage },
);
/** Returns events with at least this number of ends among them. */
const eventsWith = (ends: number) =>
  fc
    .tuple(
      fc.array(anEvent, { maxLength: 25 }),
      fc.array(anEnd, { minLength: ends, maxLength: 2 }),
      fc.array(anEvent, { maxLength: 3 }),
    )
    .map((parts) => follow(parts.flat()));
const aReader: fc.Arbitrary<Reader> = fc.record({
  numbering: fc.constantFrom<Numbering>("counted", "placed"),
  showsSummary: fc.boolean(),
  seals: fc.boolean(),
});

const isLast = ({ type }: StreamEvent) =>
  ["response.completed", "response.incomplete", "response.failed", "error"].includes(type);

/** Reads a stream as the official client does. */
function parse(events: readonly StreamEvent[]): Response | undefined {
  let response: Response | undefined;
  // Safe: the official parser itself refuses what it does not understand.
  for (const event of events) response = accumulateResponse(event as unknown as ResponseStreamEvent, response);
  return response;
}

describe("whatever the events of a run are", () => {
  test("the official parser accepts their stream, which ends exactly once, with its last event", () =>
    fc.assert(
      fc.asyncProperty(eventsWith(0), aReader, async (run, reader) => {
        const events = await write(run, reader);
        parse(events);
        expect(events.map(isLast)).toEqual(events.map((_, index) => index === events.length - 1));
      }),
      RUNS,
    ));

  test("the numbers of their stream rise, and no piece splits a character", () =>
    fc.assert(
      fc.asyncProperty(eventsWith(0), aReader, async (run, reader) => {
        const events = await write(run, reader);
        const numbers = events.map(({ sequence_number }) => sequence_number);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        for (const event of events) if ("delta" in event) expect(event.delta.isWellFormed()).toBe(true);
      }),
      RUNS,
    ));

  test("every item that begins ends before the response does, and the response holds those that are complete", () =>
    fc.assert(
      fc.asyncProperty(eventsWith(1), aReader, async (run, reader) => {
        const events = await write(run, reader);
        const indexesOf = (wanted: string) =>
          events.flatMap((event) => ("output_index" in event && event.type === wanted ? [event.output_index] : []));
        expect(indexesOf("response.output_item.done").sort()).toEqual(indexesOf("response.output_item.added").sort());
        const done = events.flatMap((event) => (event.type === "response.output_item.done" ? [event.item] : []));
        const last = events.at(-1);
        for (const item of last && "response" in last ? last.response.output : []) expect(done).toContainEqual(item);
      }),
      RUNS,
    ));
});

describe("a run that a crash did not disturb", () => {
  const aUnit = fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }), fc.constantFrom("/", " ", "a"));
  const words = fc.string({ unit: aUnit, minLength: 1, maxLength: 30 });
  const cuts = fc.array(fc.nat(30), { maxLength: 6 });
  const [messageId = ""] = IDS;

  const toPieces = (type: "text.delta" | "reasoning.delta", text: string, places: readonly number[]) => {
    const ends = [...new Set(places.map((place) => Math.min(place, text.length)))].sort((a, b) => a - b);
    return [...ends, text.length].flatMap((end, index) => {
      const offset = ends[index - 1] ?? 0;
      const piece = text.slice(offset, end);
      return piece === "" ? [] : [{ type, messageId, offset, text: piece, seq: 3 }];
    });
  };

  /** Returns the events of a run that thinks and says the same text, in pieces that end at the places. */
  function say(text: string, places: readonly number[]): readonly FollowedEvent[] {
    const message = aMessage(messageId, [
      { type: "reasoning", text },
      { type: "text", text },
    ]);
    const rest = [
      { type: "message.completed" as const, message, seq: 4 },
      { type: "run.completed" as const, finish: "stop" as const, usage, seq: 5 },
    ];
    const beginning = follow([{ type: "run.queued" }, { type: "run.started", attempt: 1 }]);
    const deltas = [...toPieces("reasoning.delta", text, places), ...toPieces("text.delta", text, places)];
    return [...beginning, ...[...deltas, ...rest].map((event) => ({ event, cursor: "" }))];
  }

  const joined = (events: readonly StreamEvent[], wanted: StreamEvent["type"]) =>
    events.map((event) => (event.type === wanted && "delta" in event ? event.delta : "")).join("");
  const textOf = (events: readonly StreamEvent[]) => joined(events, "response.output_text.delta");
  const thoughtOf = (events: readonly StreamEvent[]) => joined(events, "response.reasoning_summary_text.delta");

  test("gives the pieces of its text, and the same text as a whole", () =>
    fc.assert(
      fc.asyncProperty(words, cuts, aReader, async (text, places, reader) => {
        const events = await write(say(text, places), reader);
        expect([textOf(events), thoughtOf(events)]).toEqual([text, reader.showsSummary ? text : ""]);
        expect(parse(events)?.output_text).toBe(text);
      }),
      RUNS,
    ));

  test("is followed from any place by a reader who gets other pieces, without gap or repetition", () =>
    fc.assert(
      fc.asyncProperty(words, cuts, cuts, fc.nat(), fc.boolean(), async (text, places, others, pick, seals) => {
        const reader = { numbering: "placed" as const, showsSummary: true, seals };
        const first = await write(say(text, places), reader);
        const read = first.slice(0, pick % first.length);
        const after = read.at(-1)?.sequence_number ?? -1;
        const rest = await write(say(text, others), { ...reader, after });
        expect(textOf(read) + textOf(rest)).toBe(text);
        expect(thoughtOf(read) + thoughtOf(rest)).toBe(text);
        expect(rest.filter(isLast)).toHaveLength(1);
      }),
      RUNS,
    ));
});

test("a message that comes whole is told in one piece", async () => {
  const message = aMessage(IDS[0] ?? "", [{ type: "text", text: "Good morning" }]);
  const events = await write(follow([{ type: "message.completed", message }]));
  expect(events.flatMap((event) => ("delta" in event ? [event.delta] : []))).toEqual(["Good morning"]);
});

test("the longest text takes no number of the events after it", async () => {
  const [messageId = ""] = IDS;
  const text = "x".repeat(2_000_000);
  const delta = { type: "text.delta" as const, messageId, offset: 0, text };
  const message = aMessage(messageId, [{ type: "text", text }]);
  const events = await write(follow([delta, { type: "message.completed", message }]), { numbering: "placed" });
  const done = events.find(({ type }) => type === "response.output_text.done");
  expect(done?.sequence_number).toBe(2_000_000);
});

test("events without an end give an error", async () => {
  const events = await write(follow([{ type: "run.started", attempt: 1 }]));
  expect(events.at(-1)).toMatchObject({ type: "error", code: "INTERNAL" });
});
