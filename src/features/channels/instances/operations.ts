import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, UPDATED, Updated } from "#core/wire.ts";
import { fromJson } from "#db/values.ts";
import { channelInstanceCreated, channelInstanceDeleted, channelInstanceUpdated } from "#features/channels/events.ts";
import { createInstance } from "#features/channels/instances/create-instance.ts";
import { deleteInstance } from "#features/channels/instances/delete-instance.ts";
import {
  findStateRow,
  getInstance,
  getInstanceRow,
  listInstances,
  toHealth,
} from "#features/channels/instances/repository.ts";
import * as schema from "#features/channels/instances/schema.ts";
import { updateInstance } from "#features/channels/instances/update-instance.ts";

const PATH = "/v1/channel-instances";
const ALIAS = "/v1/channels/instances";

export const instanceOperations = [
  defineOperation({
    name: "channels.instances.list",
    http: { method: "GET", path: PATH, aliases: [{ method: "GET", path: ALIAS }] },
    access: ACCESS.read,
    summary: "List accounts on chat platforms, by name",
    description: "Stored credentials are named and never shown.",
    input: schema.ListInstancesInput,
    output: schema.ChannelInstancePage,
    run: listInstances,
  }),
  defineOperation({
    name: "channels.instances.create",
    http: { method: "POST", path: PATH, status: 201, aliases: [{ method: "POST", path: ALIAS }] },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Connect an agent to a chat platform",
    description:
      "The credentials are stored encrypted. The gateway connects at once. `health` tells how that went, and why a type without a connector does not work.",
    input: schema.CreateInstanceInput,
    output: schema.ChannelInstance,
    errors: ["ALREADY_EXISTS"],
    audit: channelInstanceCreated,
    example: {
      input: {
        name: "support-bot",
        channel_type: "telegram",
        agent_id: "default",
        credentials: { token: "123456:ABC-DEF" },
        config: { dm_policy: "pairing" },
      },
    },
    run: createInstance,
  }),
  defineOperation({
    name: "channels.instances.get",
    http: { method: "GET", path: `${PATH}/{id}`, aliases: [{ method: "GET", path: `${ALIAS}/{id}` }] },
    access: ACCESS.read,
    summary: "Read an account on a chat platform",
    description: "With its health. Stored credentials are named and never shown.",
    input: schema.InstancePath,
    output: schema.ChannelInstance,
    run: (ctx, { id }) => getInstance(ctx, id),
  }),
  defineOperation({
    name: "channels.instances.update",
    http: { method: "PUT", path: `${PATH}/{id}`, aliases: [{ method: "PUT", path: `${ALIAS}/{id}` }] },
    access: ACCESS.administer,
    summary: "Change an account on a chat platform",
    description:
      "Fields that are left out keep their values. Credentials are merged by name. Another type or another server needs all credentials again. An instance of the configuration is changed there.",
    input: schema.UpdateInstanceInput,
    output: Updated,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: channelInstanceUpdated,
    example: { input: { display_name: "Support" }, output: UPDATED },
    run: async (ctx, input) => {
      await updateInstance(ctx, input);
      return UPDATED;
    },
  }),
  defineOperation({
    name: "channels.instances.delete",
    http: { method: "DELETE", path: `${PATH}/{id}`, aliases: [{ method: "DELETE", path: `${ALIAS}/{id}` }] },
    access: ACCESS.administer,
    summary: "Delete an account on a chat platform",
    description: "The gateway disconnects, and its pairings and undelivered messages are gone. Sessions stay.",
    input: schema.InstancePath,
    output: Deleted,
    errors: ["FAILED_PRECONDITION"],
    audit: channelInstanceDeleted,
    example: { output: DELETED },
    run: async (ctx, input) => {
      await deleteInstance(ctx, input);
      return DELETED;
    },
  }),
  defineOperation({
    name: "channels.instances.status",
    http: {
      method: "GET",
      path: `${PATH}/{id}/status`,
      aliases: [{ method: "GET", path: `${ALIAS}/{id}/status` }],
    },
    access: ACCESS.read,
    summary: "Read how an account on a chat platform fares",
    description: "Its state with the reason, and the states before.",
    input: schema.InstancePath,
    output: schema.ChannelStatus,
    run: readStatus,
  }),
];

async function readStatus(ctx: Context, { id }: { readonly id: string }): Promise<schema.ChannelStatus> {
  const row = await getInstanceRow(ctx.db.read, id);
  const state = await findStateRow(ctx.db.read, row.id);
  return { ...toHealth(row, state), story: fromJson<schema.ChannelHealth[]>(state?.story ?? "[]") };
}
