import { expect, test } from "bun:test";
import type { FileContent } from "#base/file-content.ts";
import { BytesReply, EncodedReply, FileReply, isCarrier, PiecesReply, Reply, StreamReply } from "#core/reply.ts";

async function* pieces() {
  yield "a";
}

test.each([
  ["a stream", new StreamReply(pieces())],
  ["bytes", new BytesReply("a", "b/c")],
  ["pieces", new PiecesReply(pieces(), "b/c")],
  ["a file", new FileReply({} as FileContent, "b/c")],
])("an answer with %s carries something else than JSON, without headers of its own", (_, reply) => {
  expect([isCarrier(reply), reply.headers]).toEqual([true, {}]);
});

test.each([
  ["with headers", new Reply({}, {})],
  ["that was encoded before", new EncodedReply("{}")],
  ["that is an object", {}],
  ["that is absent", undefined],
])("an answer %s is JSON", (_, answer) => {
  expect(isCarrier(answer)).toBe(false);
});
