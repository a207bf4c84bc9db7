import { answer, prepareSteps } from "#testing/browser/rich-data/hold-conversation.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";

/** How many questions come from the website, by the day. */
const PER_DAY = [0, 6, 9, 11, 8, 3, 2, 5, 9, 12, 14, 10, 4, 6];

const QUESTIONS = [
  ["When does my parcel arrive?", "It left our warehouse this morning. With the carrier it takes two days."],
  ["Do you repair zips?", "Yes, on Thursdays, for 14 €. Bring the jacket washed."],
  ["Giao hàng đến Huế mất bao lâu?", "Khoảng **ba ngày** làm việc."],
  ["可以退货吗？", "可以，**60 天**内免费退货。"],
  ["Is the Fjell 3 freestanding?", "Yes. It stands without pegs, which helps on rock."],
] as const;

/** What the provider answers to one of the questions of a few days. */
const REFUSED = { status: 400, text: "this model does not exist" };
const BAD_DAYS = [3, 9];

/** Lets visitors of the website ask, each day in one conversation. */
export async function addTraffic(maker: RichMaker, day: number): Promise<void> {
  if (!PER_DAY[day]) return;
  const session_key = `agent:front-desk:website-${String(day).padStart(2, "0")}`;
  for (let index = 0; index < PER_DAY[day]; index += 1) {
    const [says, text] = QUESTIONS[(index + day) % QUESTIONS.length] ?? QUESTIONS[0];
    prepareSteps(maker, { says, steps: [index === 2 && BAD_DAYS.includes(day) ? REFUSED : answer(text)] });
    // A refused question is an answer of its own kind.
    await maker.gateway.call("POST", "/v1/agents/front-desk/wake", { message: says, session_key }, { user: "website" });
    maker.clock.pass(40_000);
  }
  const label = `Website, day ${day}`;
  await maker.send("PATCH", `/v1/sessions/${encodeURIComponent(session_key)}`, { label }, { user: "website" });
}
