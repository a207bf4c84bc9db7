import { recordOf } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { defineMethod } from "#core/live/rpc-method.ts";
import type { ChannelHealth, ChannelInstance } from "#features/channels/instances/schema.ts";
import { findInstanceByName } from "#features/channels/rpc/find-instance.ts";

interface Instances {
  readonly instances: readonly ChannelInstance[];
}

const ALL = { limit: LIMITS.listMax };

export const channelMethods = [
  defineMethod({ name: "send", operation: "channels.send" }),
  defineMethod({ name: "quota.usage", operation: "channels.quota" }),
  defineMethod<Instances>({
    name: "channels.list",
    operation: "channels.instances.list",
    toInput: () => ALL,
    toPayload: ({ instances }) => ({ channels: instances.map(({ name }) => name) }),
  }),
  defineMethod<Instances>({
    name: "channels.status",
    operation: "channels.instances.list",
    toInput: () => ALL,
    toPayload: ({ instances }) => ({
      channels: Object.fromEntries(instances.map(({ name, enabled, health }) => [name, toState(enabled, health)])),
    }),
  }),
  defineMethod({
    name: "channels.toggle",
    operation: "channels.instances.update",
    toInput: async ({ channel, enabled }, ctx) => ({ id: await findInstanceByName(ctx, String(channel)), enabled }),
    toPayload: (_, { channel, enabled }) => ({ ok: true, channel, enabled }),
  }),
  defineMethod<Instances>({
    name: "channels.instances.list",
    operation: "channels.instances.list",
    toInput: (params) => ({ ...ALL, ...params }),
    toPayload: ({ instances }) => ({ instances }),
  }),
  defineMethod({
    name: "channels.instances.update",
    operation: "channels.instances.update",
    toInput: ({ id, updates, ...params }) => ({ ...(updates === undefined ? params : recordOf(updates)), id }),
    toPayload: () => ({ status: "updated" }),
  }),
];

/** The words of GoClaw's clients for the reasons of a failure. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/credential|token|auth|unauthori[sz]ed/, "auth"],
  [/config|connector|setting/, "config"],
  [/network|connect|timeout|unreachable/, "network"],
];

function toState(enabled: boolean, { state, reason, detail, since }: ChannelHealth) {
  const isFailed = state === "failed" || state === "degraded";
  const kind = KINDS.find(([words]) => words.test(reason ?? ""))?.[1] ?? "unknown";
  return {
    enabled,
    running: state === "healthy" || state === "degraded",
    state,
    ...(reason !== undefined && { summary: reason }),
    ...(detail !== undefined && { detail }),
    ...(isFailed && { failure_kind: kind, last_failed_at: since }),
    retryable: isFailed && kind === "network",
    checked_at: since,
    ...(state === "healthy" && { last_healthy_at: since }),
  };
}
