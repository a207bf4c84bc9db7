// The client of the gateway, for browsers, Node and Bun. It imports nothing but itself.

export type { Connection, ConnectionOptions } from "#client/connection.ts";
export { type ChatInput, type Client, createClient, type FollowOptions } from "#client/create-client.ts";
export { type ErrorDetails, GoClawError } from "#client/errors.ts";
export type { Operations } from "#client/generated/operations.ts";
export { isHttpOperation, OPERATION_NAMES } from "#client/operation-names.ts";
export type {
  CallOptions,
  ClientOptions,
  FeedEvent,
  HttpOperationName,
  InputOf,
  OperationName,
  OutputOf,
  RunEvent,
} from "#client/types.ts";
