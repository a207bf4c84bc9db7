import { createMovingClock } from "#testing/browser/moving-clock.ts";
import { addRichData, type RichData } from "#testing/browser/rich-data/add-rich-data.ts";
import { RICH_TIME } from "#testing/browser/rich-data/rich-maker.ts";
import { startRichServices } from "#testing/browser/rich-data/start-rich-services.ts";
import { type ChatGateway, type ChatGatewayOptions, startChatGateway } from "#testing/chat-fixture.ts";

export interface RichGateway extends ChatGateway {
  readonly rich: RichData;
}

const ENV = {
  // Retries are a part of the data.
  GOCLAW_MODELS_MAX_ATTEMPTS: "3",
  // Each browser that asks to be paired has an address of its own.
  GOCLAW_GATEWAY_TRUSTED_PROXIES: "true",
};

/** Starts a gateway with two weeks of a company's work, which end now. */
export async function startRichGateway(options: ChatGatewayOptions = {}): Promise<RichGateway> {
  const clock = createMovingClock(RICH_TIME);
  const services = await startRichServices();
  const gateway = await startChatGateway({
    ...options,
    ...{ wires: [], clock, allowHosts: services.allowHosts, env: { ...ENV, ...options.env } },
    resolve: async () => {
      throw new Error("there is no network");
    },
  });
  const stop = async () => {
    await gateway.stop();
    await services.stop();
  };
  try {
    const rich = await addRichData(gateway, clock, services);
    clock.catchUp();
    return { ...gateway, rich, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
