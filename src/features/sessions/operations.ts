import { z } from "zod";
import { UNKNOWN_TYPE } from "#base/media/media-types.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted } from "#core/wire.ts";
import { branchSession } from "#features/sessions/branch-session.ts";
import { compactSession } from "#features/sessions/compact-session.ts";
import { deleteSession } from "#features/sessions/delete-session.ts";
import { sessionBranched, sessionCompacted, sessionDeleted, sessionReset } from "#features/sessions/events.ts";
import { getSessionMedia } from "#features/sessions/get-session-media.ts";
import { listBranches } from "#features/sessions/list-branches.ts";
import { listMessages } from "#features/sessions/list-messages.ts";
import { listSessions } from "#features/sessions/list-sessions.ts";
import { describeSession, getSessionRow } from "#features/sessions/repository.ts";
import { resetSession } from "#features/sessions/reset-session.ts";
import {
  BranchList,
  BranchSessionInput,
  GetSessionMediaInput,
  ListMessagesInput,
  ListSessionsInput,
  MessageList,
  Session,
  SessionCompacted,
  SessionDetail,
  SessionList,
  SessionPath,
  SessionReset,
  UpdateSessionInput,
} from "#features/sessions/schema.ts";
import { updateSession } from "#features/sessions/update-session.ts";
import { sessionUpdated } from "#runtime/transcript/index.ts";

const KEY = "agent:support:http-ada-1f0d8c5b";
const MESSAGE_ID = "0193a5b0-7000-7000-8000-0000000000aa";
const EXAMPLE: Session = {
  key: KEY,
  messageCount: 2,
  created: "2026-01-02T03:04:05.678Z",
  updated: "2026-01-02T03:05:06.789Z",
  channel: "http",
  userID: "ada",
  model: "gpt-5",
  provider: "openai",
  inputTokens: 812,
  outputTokens: 64,
  agentName: "Support",
  estimatedTokens: 12_074,
  contextWindow: 200_000,
};

export const sessionOperations = [
  defineOperation({
    name: "sessions.list",
    http: { method: "GET", path: "/v1/sessions" },
    access: ACCESS.read,
    summary: "List sessions, the latest used first",
    description: "Administrators see every session of their tenant, others their own.",
    input: ListSessionsInput,
    output: SessionList,
    example: { output: { sessions: [EXAMPLE], total: 1, limit: 20, offset: 0 } },
    run: listSessions,
  }),
  defineOperation({
    name: "sessions.get",
    http: { method: "GET", path: "/v1/sessions/{key}" },
    access: ACCESS.read,
    summary: "Read a session with its summary",
    description: "With its counts of messages and tokens, and the summary that stands in for its older messages.",
    input: SessionPath,
    output: SessionDetail,
    example: { input: { key: KEY }, output: { ...EXAMPLE, summary: "" } },
    run: async (ctx, { key }) => {
      const session = await getSessionRow(ctx, key);
      return { ...(await describeSession(ctx.db.read, session)), summary: session.summary };
    },
  }),
  defineOperation({
    name: "sessions.messages",
    http: { method: "GET", path: "/v1/sessions/{key}/messages" },
    access: ACCESS.read,
    summary: "Read a session's transcript, oldest message first",
    description: "All of it, with tool calls, their results and the messages that a summary stands in for.",
    input: ListMessagesInput,
    output: MessageList,
    example: { input: { key: KEY } },
    run: listMessages,
  }),
  defineOperation({
    name: "sessions.media.get",
    http: { method: "GET", path: "/v1/sessions/{key}/media/{blob}" },
    access: { ...ACCESS.read, rate: "none" },
    summary: "Read an image or a file of a transcript",
    description:
      "For those who may read the session. Answers requests for a part (`Range`) and conditional requests. Types in which a browser would run something are sent as downloads.",
    input: GetSessionMediaInput,
    output: z.string(),
    answers: { bytes: { mediaType: UNKNOWN_TYPE } },
    run: getSessionMedia,
  }),
  defineOperation({
    name: "sessions.update",
    http: { method: "PATCH", path: "/v1/sessions/{key}" },
    access: ACCESS.write,
    summary: "Change a session's label or metadata",
    description: "What is left out stays. Metadata is replaced as a whole.",
    input: UpdateSessionInput,
    output: Session,
    audit: sessionUpdated,
    example: { input: { key: KEY, label: "Invoice 4711" }, output: { ...EXAMPLE, label: "Invoice 4711" } },
    run: updateSession,
  }),
  defineOperation({
    name: "sessions.delete",
    http: { method: "DELETE", path: "/v1/sessions/{key}" },
    access: ACCESS.write,
    summary: "Delete a session and what was said in it",
    description:
      "Its branches keep what they go on from. Its runs stay as a record of what was done and spent, without their " +
      "texts and events. Refused while a run is active.",
    input: SessionPath,
    output: Deleted,
    errors: ["FAILED_PRECONDITION"],
    audit: sessionDeleted,
    example: { input: { key: KEY }, output: DELETED },
    run: deleteSession,
  }),
  defineOperation({
    name: "sessions.branches",
    http: { method: "GET", path: "/v1/sessions/{key}/branches" },
    access: ACCESS.read,
    summary: "List where a session and its branches part",
    description: "At each place the versions that go on from it, among at most 200 sessions that the caller may read.",
    input: SessionPath,
    output: BranchList,
    run: async (ctx, { key }) => listBranches(ctx, key),
  }),
  defineOperation({
    name: "sessions.branch",
    http: { method: "POST", path: "/v1/sessions/{key}/branch", status: 201 },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Begin a session that goes on from a message of this one",
    description: "A turn with tool calls can only be gone on from after their results.",
    input: BranchSessionInput,
    output: Session,
    audit: sessionBranched,
    example: {
      input: { key: KEY, message_id: MESSAGE_ID },
      output: { ...EXAMPLE, key: `${KEY}:branch-9b2e4c01` },
    },
    run: branchSession,
  }),
  defineOperation({
    name: "sessions.reset",
    http: { method: "POST", path: "/v1/sessions/{key}/reset" },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Let a session begin anew under the same key",
    description: "Its branches keep what they go on from. Refused while a run is active.",
    body: { kind: "none" },
    input: SessionPath,
    output: SessionReset,
    errors: ["FAILED_PRECONDITION"],
    audit: sessionReset,
    example: { input: { key: KEY }, output: { status: "reset" } },
    run: resetSession,
  }),
  defineOperation({
    name: "sessions.compact",
    http: { method: "POST", path: "/v1/sessions/{key}/compact" },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Let a summary stand in for all but a session's newest messages",
    description:
      "The agent's own model writes it; from then on the model reads the summary and the newest messages. The " +
      "transcript keeps every message. Refused while a run is active, and when there is too little to summarise.",
    body: { kind: "none" },
    input: SessionPath,
    output: SessionCompacted,
    errors: ["FAILED_PRECONDITION"],
    audit: sessionCompacted,
    example: { input: { key: KEY }, output: { status: "compacted" } },
    run: compactSession,
  }),
];
