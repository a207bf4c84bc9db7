import { defineFeature } from "#features/define-feature.ts";
import { deviceEventViews } from "#features/devices/device-event-views.ts";
import { deviceMethods } from "#features/devices/device-methods.ts";
import { deviceEvents } from "#features/devices/events.ts";
import { deviceOperations } from "#features/devices/operations.ts";

export const deviceFeature = defineFeature({
  name: "devices",
  operations: deviceOperations,
  events: deviceEvents,
  eventViews: deviceEventViews,
  methods: deviceMethods,
});
