import type { Clock } from "#base/clock.ts";
import { eventBus } from "#core/events/events.ts";
import type { JobHandler } from "#core/jobs/job-queue.ts";
import { imagePreparer } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { agentDirectory } from "#features/agents/index.ts";
import { instanceEvents, messageEvents, pairingEvents } from "#features/channels/events.ts";
import { createHandleJob } from "#features/channels/inbound/handle-chat.ts";
import { deliveryOperations } from "#features/channels/inbound/operations.ts";
import { instanceOperations } from "#features/channels/instances/operations.ts";
import { channelAccounts } from "#features/channels/live/channel-accounts.ts";
import { channelOutbox, channelSettings, runPresence } from "#features/channels/live/channel-services.ts";
import { createReplyObserver } from "#features/channels/outbound/create-reply-observer.ts";
import { createDeliverJob } from "#features/channels/outbound/deliver-chat.ts";
import { outboundOperations } from "#features/channels/outbound/operations.ts";
import { pairingOperations } from "#features/channels/pairing/operations.ts";
import { channelMethods } from "#features/channels/rpc/channel-methods.ts";
import { pairingEventViews } from "#features/channels/rpc/pairing-event-views.ts";
import { quotaOperations } from "#features/channels/rpc/read-quota.ts";
import { sendOperations } from "#features/channels/rpc/send-message.ts";
import { createChannelToolSource } from "#features/channels/tools/create-channel-tool-source.ts";
import { defineFeature } from "#features/define-feature.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { blobStore } from "#runtime/transcript/index.ts";

export const channelFeature = defineFeature({
  name: "channels",
  operations: [
    ...instanceOperations,
    ...deliveryOperations,
    ...pairingOperations,
    ...outboundOperations,
    ...sendOperations,
    ...quotaOperations,
  ],
  events: [...instanceEvents, ...pairingEvents, ...messageEvents],
  eventViews: pairingEventViews,
  methods: channelMethods,
  tools: (services) => [createChannelToolSource({ ...sharedBy(services), blobs: services.use(blobStore) })],
  observers: (services) => [createReplyObserver(sharedBy(services))],
});

/** Creates the jobs of chats. They wait for other servers, so a queue of their own works on them. */
export function createChatJobs(services: Services, clock: Clock): readonly JobHandler[] {
  const shared = { ...sharedBy(services), blobs: services.use(blobStore), clock };
  return [
    createHandleJob({
      ...shared,
      ...services.use(channelSettings),
      agents: services.use(agentDirectory),
      engine: () => services.use(runEngine),
      presence: services.use(runPresence),
      imagePreparer: services.use(imagePreparer),
    }),
    createDeliverJob({ ...shared, random: Math.random }),
  ];
}

const sharedBy = (services: Services) => ({
  accounts: services.use(channelAccounts),
  outbox: services.use(channelOutbox),
  events: services.use(eventBus),
});
