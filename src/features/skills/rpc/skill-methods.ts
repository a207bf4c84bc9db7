import { recordOf } from "#base/json.ts";
import { defineMethod } from "#core/live/rpc-method.ts";

export const skillMethods = [
  defineMethod({
    name: "skills.update",
    operation: "skills.update",
    toInput: ({ id, name, updates, ...params }) =>
      updates === undefined ? { id: id ?? name, name, ...params } : { ...recordOf(updates), id: id ?? name },
    toPayload: () => ({ ok: "true" }),
  }),
];
