export type { ModelReply, RecordedRequest } from "#testing/model-server/model-reply.ts";
export {
  type ModelServer,
  startModelServer,
} from "#testing/model-server/start-model-server.ts";
