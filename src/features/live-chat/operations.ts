import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { abortChat } from "#features/live-chat/abort-chat.ts";
import { describeChat } from "#features/live-chat/describe-chat.ts";
import { messageInjected } from "#features/live-chat/events.ts";
import { injectMessage } from "#features/live-chat/inject-message.ts";
import {
  AbortChatInput,
  AbortChatOutput,
  ChatStatus,
  InjectInput,
  InjectOutput,
  SendChatInput,
  SendChatOutput,
  SessionRef,
} from "#features/live-chat/schema.ts";
import { sendChat } from "#features/live-chat/send-chat.ts";

/** Conversations over a WebSocket. */
export const liveChatOperations = [
  defineOperation({
    name: "chat.send",
    access: ACCESS.run,
    runsOnce: true,
    summary: "Give an agent a message and wait for its answer",
    description: "The message is stored at once. Its run goes on if the client disconnects.",
    input: SendChatInput,
    output: SendChatOutput,
    errors: ["FAILED_PRECONDITION", "AGENT_TIMEOUT"],
    run: sendChat,
  }),
  defineOperation({
    name: "chat.abort",
    access: ACCESS.write,
    summary: "Stop what an agent does in a session",
    description: "What it wrote so far is kept. Waits a moment for the end of the run.",
    input: AbortChatInput,
    output: AbortChatOutput,
    run: abortChat,
  }),
  defineOperation({
    name: "chat.inject",
    access: ACCESS.write,
    runsOnce: true,
    summary: "Put words of the agent into a session",
    description: "Refused while a run is active.",
    input: InjectInput,
    output: InjectOutput,
    errors: ["FAILED_PRECONDITION"],
    audit: messageInjected,
    run: injectMessage,
  }),
  defineOperation({
    name: "chat.session-status",
    access: ACCESS.read,
    summary: "Tell whether a session is busy, and with what",
    description: "With the tool that runs at the moment.",
    input: SessionRef,
    output: ChatStatus,
    run: describeChat,
  }),
];
