import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { ConnectInput } from "#core/live/connect-input.ts";
import { defineOperation } from "#core/operation.ts";
import { gatewayVersion } from "#core/platform.ts";
import { pairingApproved, pairingRequested, pairingRevoked } from "#features/channels/index.ts";
import { deviceApproved, deviceDenied, deviceRequested, deviceRevoked } from "#features/devices/events.ts";
import { readPairingStatus } from "#features/devices/find-pending.ts";
import { countStranger, introduceDevice } from "#features/devices/introduce-device.ts";
import {
  approvePairing,
  denyPairing,
  listPairings,
  requestPairing,
  revokePairing,
} from "#features/devices/manage-pairings.ts";
import * as schema from "#features/devices/schema.ts";
import { PROTOCOL } from "#features/gateway/index.ts";

export const deviceOperations = [
  defineOperation({
    name: "devices.introduce",
    access: "public",
    summary: "Ask for the pairing of a browser that has no token",
    description:
      "What `connect` means without a token. A browser that asked before gets its code again. Limited by address.",
    input: ConnectInput,
    output: schema.IntroductionAnswer,
    audit: deviceRequested,
    run: async (ctx, input) => {
      const { code, senderId } = await introduceDevice(ctx, input);
      const server = { name: "goclaw" as const, version: ctx.use(gatewayVersion) };
      const status = "pending_pairing" as const;
      return { protocol: PROTOCOL, status, pairing_code: code, sender_id: senderId, server };
    },
  }),
  defineOperation({
    name: "devices.status",
    access: "public",
    summary: "Tell a browser what became of its request",
    description: "Before `connect` as well. Limited by address.",
    input: schema.PairingStatusInput,
    output: schema.PairingStatusAnswer,
    run: readStatus,
  }),
  defineOperation({
    name: "devices.request",
    access: ACCESS.write,
    summary: "Ask for a pairing on behalf of a browser or a sender",
    description: "The gateway chooses the id of a browser itself. One that waits already has its code again.",
    input: schema.RequestPairingInput,
    output: schema.RequestPairingAnswer,
    audit: deviceRequested,
    otherAudits: [pairingRequested],
    run: requestPairing,
  }),
  defineOperation({
    name: "devices.approve",
    access: ACCESS.administer,
    summary: "Let in whoever asked with a code",
    description: "A browser becomes an operator of the tenant for 30 days from its last use. A chat may write.",
    input: schema.PairingCodeInput,
    output: schema.ApprovedPairing,
    audit: deviceApproved,
    otherAudits: [pairingApproved],
    run: approvePairing,
  }),
  defineOperation({
    name: "devices.deny",
    access: ACCESS.administer,
    summary: "Turn down whoever asked with a code",
    description: "It may ask again.",
    input: schema.PairingCodeInput,
    output: schema.DeniedPairing,
    audit: deviceDenied,
    otherAudits: [pairingRevoked],
    run: async (ctx, input) => {
      await denyPairing(ctx, input);
      return { denied: true as const };
    },
  }),
  defineOperation({
    name: "devices.list",
    access: ACCESS.administer,
    summary: "List who waits for a pairing, and who is paired",
    description: "Browsers first, then chats; the newest of each first.",
    input: z.object({}),
    output: schema.PairingList,
    run: listPairings,
  }),
  defineOperation({
    name: "devices.revoke",
    access: ACCESS.administer,
    summary: "Take a pairing back",
    description: "The sockets of a browser close within two seconds.",
    input: schema.RevokePairingInput,
    output: schema.RevokedPairing,
    audit: deviceRevoked,
    otherAudits: [pairingRevoked],
    run: async (ctx, input) => {
      await revokePairing(ctx, input);
      return { revoked: true as const };
    },
  }),
];

async function readStatus(ctx: Context, { sender_id }: z.output<typeof schema.PairingStatusInput>) {
  await countStranger(ctx);
  return { status: await readPairingStatus(ctx, sender_id) };
}
