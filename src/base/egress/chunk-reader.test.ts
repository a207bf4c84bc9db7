import { describe, expect, test } from "bun:test";
import { Readable } from "node:stream";
import { ChunkReader } from "#base/egress/chunk-reader.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a stream that is read chunk by chunk", () => {
  test("gives its chunks and then its end, however often it is asked", async () => {
    const source = new Readable({ read() {} });
    const reader = new ChunkReader(source);
    const first = reader.next();
    source.push(bytes("one"));
    expect(Buffer.from((await first) ?? []).toString()).toBe("one");
    source.push(bytes("two"));
    source.push(null);
    expect(Buffer.from((await reader.next()) ?? []).toString()).toBe("two");
    expect(await reader.next()).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
  });

  test("throws the error that ended it, to who waits and to who asks later", async () => {
    const source = new Readable({ read() {} });
    const reader = new ChunkReader(source);
    const waiting = reader.next();
    source.destroy(new Error("the disk is gone"));
    await expect(waiting).rejects.toThrow("the disk is gone");
    await expect(reader.next()).rejects.toThrow("the disk is gone");
  });

  test("fails if it closes before its end", async () => {
    const source = new Readable({ read() {} });
    const reader = new ChunkReader(source);
    const waiting = reader.next();
    source.destroy();
    await expect(waiting).rejects.toThrow("closed before its end");
  });
});
