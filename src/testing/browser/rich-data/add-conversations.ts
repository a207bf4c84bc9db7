import { addTraffic } from "#testing/browser/rich-data/add-traffic.ts";
import { ENGINEERING_CONVERSATIONS } from "#testing/browser/rich-data/conversations/engineering-conversations.ts";
import { OFFICE_CONVERSATIONS } from "#testing/browser/rich-data/conversations/office-conversations.ts";
import { supportConversations } from "#testing/browser/rich-data/conversations/support-conversations.ts";
import { type Conversation, holdConversation } from "#testing/browser/rich-data/hold-conversation.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";

const FIRST_DAY = 1;
const LAST_DAY = 12;
const HOURS = ["08:10", "09:40", "11:05", "13:30", "15:15", "16:50"];

/** Holds conversations on the days of two weeks. */
export async function addConversations(maker: RichMaker, pictures: readonly string[]): Promise<void> {
  const conversations = interleave(supportConversations(pictures), ENGINEERING_CONVERSATIONS, OFFICE_CONVERSATIONS);
  const days = LAST_DAY - FIRST_DAY + 1;
  let day = FIRST_DAY - 1;
  let onThisDay = 0;
  for (const [index, conversation] of conversations.entries()) {
    const due = FIRST_DAY + Math.floor((index * days) / conversations.length);
    if (due !== day) await endDay(maker, day);
    onThisDay = due === day ? onThisDay + 1 : 0;
    day = due;
    maker.goTo(day, HOURS[onThisDay % HOURS.length] ?? "18:00");
    await holdConversation(maker, conversation);
  }
  await endDay(maker, day);
}

async function endDay(maker: RichMaker, day: number): Promise<void> {
  maker.goTo(day, "18:05");
  await addTraffic(maker, day);
}

/** Takes one of each list in turn, so that every day has conversations of several agents. */
function interleave(...lists: readonly (readonly Conversation[])[]): readonly Conversation[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
}
