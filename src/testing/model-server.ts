export { beginAnswer, toEvents } from "#testing/model-server/begun-answer.ts";
export {
  cutAt,
  cutEvery,
  type ModelReply,
  type RecordedRequest,
  type ReplyFunction,
} from "#testing/model-server/model-reply.ts";
export {
  type ModelServer,
  type RouteRequest,
  startModelServer,
} from "#testing/model-server/start-model-server.ts";
