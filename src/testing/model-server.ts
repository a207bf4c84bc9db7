export { ManualCall } from "#testing/model-server/manual-call.ts";
export type { ModelReply, RecordedRequest, ReplyFunction } from "#testing/model-server/model-reply.ts";
export {
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from "#testing/model-server/start-model-server.ts";
