import { defineMethod, toSnakeCase } from "#core/live/rpc-method.ts";

export const deviceMethods = [
  defineMethod({ name: "browser.pairing.status", operation: "devices.status", toInput: toSnakeCase }),
  defineMethod({ name: "device.pair.request", operation: "devices.request", toInput: toSnakeCase }),
  defineMethod({ name: "device.pair.approve", operation: "devices.approve" }),
  defineMethod({ name: "device.pair.deny", operation: "devices.deny" }),
  defineMethod({ name: "device.pair.list", operation: "devices.list" }),
  defineMethod({ name: "device.pair.revoke", operation: "devices.revoke", toInput: toSnakeCase }),
];
