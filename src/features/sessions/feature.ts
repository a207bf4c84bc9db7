import { defineFeature } from "#features/define-feature.ts";
import { sessionEvents } from "#features/sessions/events.ts";
import { sessionOperations } from "#features/sessions/operations.ts";
import { sessionEventViews } from "#features/sessions/rpc/session-event-views.ts";
import { sessionMethods } from "#features/sessions/rpc/session-methods.ts";
import { sessionUsageOperations } from "#features/sessions/rpc/session-usage.ts";
import { sessionSubscriptions } from "#features/sessions/rpc/subscribe-session.ts";

export const sessionFeature = defineFeature({
  name: "sessions",
  operations: [...sessionOperations, ...sessionUsageOperations, ...sessionSubscriptions],
  events: sessionEvents,
  eventViews: sessionEventViews,
  methods: sessionMethods,
});
