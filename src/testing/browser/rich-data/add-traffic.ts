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

/** How many in an hour of the last day. */
const PER_HOUR = [1, 0, 2, 3, 1, 4, 2];

/** What the provider answers to some questions. */
const REFUSED = { status: 400, text: "this model does not exist" };
const BAD_DAYS = [3, 9];

/** Lets visitors of the website ask, each day in one conversation. */
export async function addTraffic(maker: RichMaker, day: number): Promise<void> {
  const count = PER_DAY[day] ?? 0;
  for (let index = 0; index < count; index += 1) {
    await ask(maker, day, index, BAD_DAYS.includes(day) && index === 2);
  }
  if (count > 0) await nameConversation(maker, day);
}

/** Returns what lets visitors ask in each hour of the last day that is over, and goes on to so many hours before now. */
export function createLastDay(maker: RichMaker): (hoursAgo: number) => Promise<void> {
  const day = PER_DAY.length;
  let next = 23;
  let index = 0;
  return async (hoursAgo) => {
    for (; next > hoursAgo; next -= 1) {
      maker.goToLast(next * 60);
      const count = PER_HOUR[next % PER_HOUR.length] ?? 0;
      for (const end = index + count; index < end; index += 1) await ask(maker, day, index, index === 7);
    }
    maker.goToLast(hoursAgo * 60);
    await nameConversation(maker, day);
  };
}

const sessionOf = (day: number): string => `agent:front-desk:website-${String(day).padStart(2, "0")}`;

async function ask(maker: RichMaker, day: number, index: number, isRefused: boolean): Promise<void> {
  const [says, text] = QUESTIONS[(index + day) % QUESTIONS.length] ?? QUESTIONS[0];
  const body = { message: says, session_key: sessionOf(day) };
  prepareSteps(maker, { says, steps: [isRefused ? REFUSED : answer(text)] });
  // A refusal of the provider is the answer of the call.
  await maker.gateway.call("POST", "/v1/agents/front-desk/wake", body, { user: "website" });
  maker.clock.pass(40_000);
}

const nameConversation = ({ send }: RichMaker, day: number): Promise<unknown> =>
  send("PATCH", `/v1/sessions/${encodeURIComponent(sessionOf(day))}`, { label: `Website, day ${day}` });
