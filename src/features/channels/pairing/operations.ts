import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted } from "#core/wire.ts";
import { pairingApproved, pairingRevoked } from "#features/channels/events.ts";
import { approvePairing } from "#features/channels/pairing/approve-pairing.ts";
import { listPairings, revokePairing } from "#features/channels/pairing/manage-pairings.ts";
import * as schema from "#features/channels/pairing/schema.ts";

const PATH = "/v1/channel-pairings";

export const pairingOperations = [
  defineOperation({
    name: "channels.pairings.list",
    http: { method: "GET", path: PATH },
    access: ACCESS.administer,
    summary: "List who asked for leave to write, newest first",
    description: "For administrators. With the codes of those who wait.",
    input: schema.ListPairingsInput,
    output: schema.ChannelPairingPage,
    run: listPairings,
  }),
  defineOperation({
    name: "channels.pairings.approve",
    http: { method: "POST", path: `${PATH}/{id}/approve` },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Let a sender or a group write",
    description: "By the id, or by the code that the sender passed on. The chat is told. A code lasts one hour.",
    input: schema.PairingPath,
    output: schema.ChannelPairing,
    audit: pairingApproved,
    run: approvePairing,
  }),
  defineOperation({
    name: "channels.pairings.revoke",
    http: { method: "DELETE", path: `${PATH}/{id}` },
    access: ACCESS.administer,
    summary: "Take back the leave to write, or turn a request down",
    description: "The next message of the sender asks again.",
    input: schema.PairingPath,
    output: Deleted,
    audit: pairingRevoked,
    example: { output: DELETED },
    run: async (ctx, input) => {
      await revokePairing(ctx, input);
      return DELETED;
    },
  }),
];
