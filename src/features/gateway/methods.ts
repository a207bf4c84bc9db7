import { defineMethod } from "#core/live/rpc-method.ts";

export const gatewayMethods = [
  defineMethod({ name: "connect", operation: "gateway.connect" }),
  defineMethod({ name: "health", operation: "gateway.overview" }),
  defineMethod({ name: "status", operation: "gateway.status" }),
  defineMethod({ name: "logs.tail", operation: "gateway.log" }),
];
