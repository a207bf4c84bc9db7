import { OWNER } from "#features/tenants/tenant-fixture.ts";
import type { MovingClock } from "#testing/browser/moving-clock.ts";
import { addAgents, type RichAgent } from "#testing/browser/rich-data/add-agents.ts";
import { addChannels } from "#testing/browser/rich-data/add-channels.ts";
import { addConversations } from "#testing/browser/rich-data/add-conversations.ts";
import { addKnowledge } from "#testing/browser/rich-data/add-knowledge.ts";
import {
  addOddRuns,
  coolDown,
  leaveUnderWay,
  type OddRuns,
  type RunsUnderWay,
} from "#testing/browser/rich-data/add-odd-runs.ts";
import { addDevices, addPeople, changeConfiguration } from "#testing/browser/rich-data/add-people.ts";
import { addProviders } from "#testing/browser/rich-data/add-providers.ts";
import { addSkills } from "#testing/browser/rich-data/add-skills.ts";
import { addTools } from "#testing/browser/rich-data/add-tools.ts";
import { createRichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import type { RichServices } from "#testing/browser/rich-data/start-rich-services.ts";
import type { ChatGateway } from "#testing/chat-fixture.ts";

/** What tests cannot know before: ids. All names are the same each time. */
export interface RichData {
  /** The ids of agents by their keys. */
  readonly agents: Readonly<Record<RichAgent, string>>;
  /** The ids of providers by their names. */
  readonly providers: Readonly<Record<string, string>>;
  /** The ids of runs. */
  readonly runs: OddRuns & RunsUnderWay & { readonly delegated: string };
}

/** Fills a gateway with two weeks of a company's work. The clock is that of the gateway, and late by `RICH_TIME`. */
export async function addRichData(gateway: ChatGateway, clock: MovingClock, services: RichServices): Promise<RichData> {
  const maker = createRichMaker(gateway, clock, services);
  const providers = await addProviders(maker);
  const agents = await addAgents(maker);
  await addTools(maker);
  await addSkills(maker);
  const pictures = await addKnowledge(maker);
  await addPeople(maker);
  await maker.send("PATCH", "/v1/tenants/master", { name: "Fjell Outdoor" }, OWNER);
  await addConversations(maker, pictures);
  await changeConfiguration(maker);
  const ended = await addOddRuns(maker);
  await coolDown(maker);
  const underWay = await leaveUnderWay(maker);
  maker.goToLast(6);
  await addChannels(maker);
  await addDevices(maker);
  const { records } = await maker.send("GET", "/v1/delegations");
  return { agents, providers, runs: { ...ended, ...underWay, delegated: records[0].run_id } };
}
