import { createLastDay } from "#testing/browser/rich-data/add-traffic.ts";
import {
  answer,
  type Conversation,
  holdConversation,
  sessionKeyOf,
  type Turn,
  useTool,
} from "#testing/browser/rich-data/hold-conversation.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import { echoReply } from "#testing/model-server/model-reply.ts";

/** The ids of runs that did not go as they should. */
export interface OddRuns {
  readonly failed: string;
  /** Its provider was busy twice. */
  readonly retried: string;
  /** A model of another provider answered. */
  readonly fallback: string;
  /** Its answer came after two calls of tools that failed. */
  readonly toolFailed: string;
  readonly cancelled: string;
}

/** The ids of runs that are not over. */
export interface RunsUnderWay {
  readonly running: string;
  readonly queued: string;
}

const BUSY = { status: 529, text: "Overloaded" };
const DOWN = { status: 503, text: "upstream connect error" };

/** The session in which one run goes on and another one waits. */
export const BUSY_SESSION = sessionKeyOf({ agent: "release", name: "changelog-since-2-0" });

/** Makes the last day, with runs that end badly, or well after trouble. */
export async function addOddRuns(maker: RichMaker): Promise<OddRuns> {
  const goToHour = createLastDay(maker);
  const hold = async (hoursAgo: number, conversation: Omit<Conversation, "turns"> & Turn): Promise<string> => {
    const { says, steps, ...rest } = conversation;
    await goToHour(hoursAgo);
    const [id = ""] = await holdConversation(maker, { ...rest, turns: [{ says, steps }] });
    return id;
  };
  const failed = await hold(21, {
    ...{ name: "long-catalogue", agent: "writer", user: "grace", title: "Catalogue for spring" },
    says: "Write the whole spring catalogue.",
    steps: [{ status: 400, text: "prompt is too long for this model" }],
  });
  const retried = await hold(17, {
    ...{ name: "order-of-steps", agent: "support", user: "minh", title: "In which order do we answer?" },
    says: "In which order do we answer mails?",
    steps: [BUSY, BUSY, answer("Oldest first, except for parcels that are on their way.")],
  });
  const toolFailed = await hold(12, {
    ...{ name: "carrier-status", agent: "support", user: "lan", title: "Is the carrier down?" },
    says: "Is the carrier's tracking page down?",
    steps: [
      useTool("web_fetch", { url: "https://status.carrier.example.com/" }),
      useTool("read_file", { path: "runbooks/carrier.md" }),
      answer("I could not reach the status page, and there is no runbook. Please look at the page yourself."),
    ],
  });
  const fallback = await hold(7, {
    ...{ name: "basket-size", agent: "analyst", user: "grace", title: "Average basket this week" },
    says: "What is the average basket this week?",
    steps: [DOWN, DOWN, DOWN, answer("**78.40 €**, up 2.10 € from last week.")],
  });
  await goToHour(4);
  const cancelled = await cancelOne(maker);
  await goToHour(1);
  return { failed, retried, toolFailed, fallback, cancelled };
}

/** Lets the provider of the analyst fail, from now on and so often that it is not called for a while. */
export async function coolDown({ gateway, send, goToLast }: RichMaker): Promise<void> {
  goToLast(12);
  gateway.model.script((request) => (request.path.startsWith("/mistral/") ? DOWN : echoReply(request)));
  for (const message of ["Visitors today?", "Orders today?"]) {
    await send("POST", "/v1/agents/analyst/wake", { message, session_key: "agent:analyst:morning-numbers" });
  }
}

async function cancelOne({ gateway, send, clock }: RichMaker): Promise<string> {
  const session_key = sessionKeyOf({ agent: "writer", name: "poem" });
  const call = gateway.model.manual();
  const { id } = await send("POST", "/v1/agents/writer/runs", {
    input: "A poem about every tent we sell.",
    session_key,
  });
  await call.arrived;
  await call.send("The first tent stands\nwhere the wind begins,\n");
  clock.pass(6_000);
  await send("POST", `/v1/runs/${id}/cancel`, {});
  await call.aborted;
  await gateway.waitForEnd(id);
  await send("PATCH", `/v1/sessions/${encodeURIComponent(session_key)}`, { label: "A poem about every tent" });
  return id;
}

/** Leaves a run under way, with another one behind it. */
export async function leaveUnderWay({ gateway, send, goToLast }: RichMaker): Promise<RunsUnderWay> {
  goToLast(9);
  const call = gateway.model.manual();
  const start = async (input: string) =>
    (await send("POST", "/v1/agents/release/runs", { input, session_key: BUSY_SESSION, on_busy: "queue" })).id;
  const running = await start("Write the changelog since 2.0, with every change.");
  await call.arrived;
  await call.reasoning("There are 41 releases since 2.0. I go through them one by one, the newest first.");
  await call.send(
    "# Changelog\n\n## 2.8\n\n- The cart keeps its items for 30 days\n- Search finds words with accents\n\n## 2.7\n\n- ",
  );
  const queued = await start("And send it to Minh when it is done.");
  await send("PATCH", `/v1/sessions/${encodeURIComponent(BUSY_SESSION)}`, { label: "Changelog since 2.0" });
  return { running, queued };
}
