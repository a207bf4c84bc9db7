import { afterAll, describe, expect, test } from "bun:test";
import WebSocket from "ws";
import { MINUTE } from "#base/clock.ts";
import { encodeFrame, OPCODE, openRawSocket } from "#testing/sockets/raw-socket.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const gateway = await startTestGateway();
afterAll(() => gateway.stop());

const TOKEN = { token: gateway.token, feed: "none" };
const HEALTH = '{"type":"req","id":"🦊","method":"health"}';
const ANSWER = '{"type":"res","id":"🦊","ok":true,"payload":{"status":"ok"}}';
const part = (bytes: Buffer, from: number, to?: number) => bytes.subarray(from, to);

describe("WebSocket as RFC 6455 has it", () => {
  test("a message may come in fragments, with pings between them", async () => {
    const socket = await openRawSocket(gateway.url);
    const bytes = Buffer.from(HEALTH);
    // The second cut is inside the emoji.
    const cut = bytes.indexOf(Buffer.from("🦊")) + 2;
    socket.write(encodeFrame(OPCODE.text, part(bytes, 0, 5), { isFinal: false }));
    socket.write(encodeFrame(OPCODE.ping, "are you there?"));
    expect(await socket.next()).toEqual({ opcode: OPCODE.pong, payload: Buffer.from("are you there?") });
    socket.write(encodeFrame(OPCODE.continuation, part(bytes, 5, cut), { isFinal: false }));
    socket.write(encodeFrame(OPCODE.pong, "nobody asked"));
    socket.write(encodeFrame(OPCODE.continuation, part(bytes, cut)));
    expect(await socket.nextText()).toBe(ANSWER);
    socket.tcp.destroy();
  });

  test("frames may come byte by byte, and many in one packet", async () => {
    const socket = await openRawSocket(gateway.url);
    for (const byte of encodeFrame(OPCODE.text, HEALTH)) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(await socket.nextText()).toBe(ANSWER);
    socket.write(...Array.from({ length: 20 }, () => encodeFrame(OPCODE.text, HEALTH)));
    for (let count = 0; count < 20; count++) expect(await socket.nextText()).toBe(ANSWER);
    socket.tcp.destroy();
  });

  test("a close is answered with its code", async () => {
    const socket = await openRawSocket(gateway.url);
    socket.write(encodeFrame(OPCODE.close, Buffer.from([0x03, 0xe8])));
    const { opcode, payload } = await socket.next();
    expect([opcode, payload.readUInt16BE(0)]).toEqual([OPCODE.close, 1_000]);
    await socket.closed;
  });

  test.each<[string, readonly Buffer[]]>([
    ["without a mask", [encodeFrame(OPCODE.text, HEALTH, { isMasked: false })]],
    ["with a reserved bit", [encodeFrame(OPCODE.text, HEALTH, { reserved: 4 })]],
    ["of an unknown kind", [encodeFrame(0x3, HEALTH)]],
    ["that continues nothing", [encodeFrame(OPCODE.continuation, HEALTH)]],
    ["that is a ping in pieces", [encodeFrame(OPCODE.ping, "a", { isFinal: false })]],
    ["that is too long for a ping", [encodeFrame(OPCODE.ping, "x".repeat(126))]],
    ["that is no UTF-8", [encodeFrame(OPCODE.text, Buffer.from([0xff, 0xfe]))]],
    [
      "that begins another message within one",
      [encodeFrame(OPCODE.text, "{", { isFinal: false }), encodeFrame(OPCODE.text, HEALTH)],
    ],
  ])("a frame %s ends the connection, and no other one", async (_, frames) => {
    const [bad, good] = [await openRawSocket(gateway.url), await openRawSocket(gateway.url)];
    bad.write(...frames);
    await bad.closed;
    good.write(encodeFrame(OPCODE.text, HEALTH));
    expect(await good.nextText()).toBe(ANSWER);
    good.tcp.destroy();
  });

  test(
    "a peer that is silent, and does not even answer pings, is dropped after a minute",
    async () => {
      const [silent, talking] = [await openRawSocket(gateway.url), await openSocket(gateway)];
      silent.write(encodeFrame(OPCODE.text, JSON.stringify({ type: "req", id: 1, method: "connect", params: TOKEN })));
      expect(JSON.parse(await silent.nextText())).toMatchObject({ id: 1, ok: true });
      expect((await silent.next()).opcode).toBe(OPCODE.ping);
      await silent.closed;
      // This client answers pings, as every library does.
      expect(await talking.call("health")).toMatchObject({ status: "ok" });
      await talking.close();
    },
    2 * MINUTE,
  );

  test("the package ws works, without compression and with a subprotocol of its own", async () => {
    const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/ws`, ["goclaw"]);
    await new Promise((resolve) => socket.once("open", resolve));
    expect([socket.extensions, socket.protocol]).toEqual(["", "goclaw"]);
    const answered = new Promise((resolve) => socket.once("message", (data) => resolve(String(data))));
    socket.send(HEALTH);
    expect(await answered).toBe(ANSWER);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.close(1_000);
    expect(await closed).toBe(1_000);
  });
});
