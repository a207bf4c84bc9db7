import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { resolveRunAgent } from "#features/agents/index.ts";
import { forgetAtEnd, namedAgent, toRunRequest } from "#features/openai-runs/index.ts";
import { answerAttached, type StartedResponse } from "#features/responses/answer-attached.ts";
import { findPlace } from "#features/responses/input/find-place.ts";
import { inFieldOf, readConversation } from "#features/responses/input/read-conversation.ts";
import { toRecord } from "#features/responses/input/to-record.ts";
import { toRunOptions } from "#features/responses/input/to-run-options.ts";
import { readResponse } from "#features/responses/read-response.ts";
import { insertResponse, type RequestRecord } from "#features/responses/repository.ts";
import { toResponseId } from "#features/responses/response-ids.ts";
import type { ResponseInput } from "#features/responses/schema/request.ts";
import type { AnyResponse } from "#features/responses/schema/response.ts";
import { attachRun, readOnBusy, runUser } from "#features/runs/index.ts";
import { runEngine } from "#runtime/engine/index.ts";
import type { OnBusy, RunRequest } from "#runtime/runs/index.ts";

/** Runs an agent on the items of a request. Returns the response: streamed, whole, or at once if it is made later. */
export const createResponse = async (ctx: Context, input: ResponseInput): Promise<Reply<AnyResponse> | StreamReply> =>
  answer(ctx, await startResponse(ctx, input));

/** A run without a waiting caller. */
interface DetachedResponse {
  readonly kind: "detached";
  readonly runId: string;
  readonly sessionKey: string;
  readonly isStream: boolean;
}

/** Starts the run of a response. What it returns does not hold the input, which may be large. */
async function startResponse(ctx: Context, input: ResponseInput): Promise<StartedResponse | DetachedResponse> {
  const isStream = input.stream === true;
  const { request, record } = await prepare(ctx, input);
  try {
    return await (request.isAttached ? attach(ctx, request, record, isStream) : detach(ctx, request, isStream));
  } catch (thrown) {
    throw inFieldOf(record, thrown);
  }
}

async function prepare(ctx: Context, input: ResponseInput): Promise<{ request: RunRequest; record: RequestRecord }> {
  const agent = await resolveRunAgent(ctx, namedAgent(input.model));
  const record = toRecord(ctx, input, agent);
  const user = runUser(ctx, input.user ?? undefined);
  const owner = { agentId: agent.id, userId: user.id, mayUseAny: hasRole(ctx, "admin") };
  const { instructions, turns } = await readConversation(ctx, input, owner);
  const { store, background } = record.echo;
  const request = await toRunRequest(ctx, {
    agent,
    user: input.user ?? undefined,
    turns,
    from: await findPlace(ctx, input, agent, user),
    field: record.hasMessages ? "messages" : "input",
    route: "responses",
    isAttached: !background,
    forgetsText: !store,
    onBusy: input.on_busy ?? queueing(readOnBusy(agent)),
    options: toRunOptions(input, instructions),
    metadata: record.echo.metadata,
    ...(store && { onStored: (queries, runId) => insertResponse(ctx, queries, runId, record) }),
  });
  return { request, record };
}

/** Each response has a run of its own, so none steers the run of another. */
const queueing = (onBusy: OnBusy | undefined): OnBusy =>
  onBusy === undefined || onBusy === "steer" ? "queue" : onBusy;

async function attach(
  ctx: Context,
  request: RunRequest,
  record: RequestRecord,
  isStream: boolean,
): Promise<StartedResponse> {
  const { accepted, events } = await attachRun(ctx, request, { wantsText: isStream });
  const { runId } = accepted;
  const { store, conversation } = record.echo;
  return {
    kind: "attached",
    response: { runId, userId: request.session.userId, record },
    events: store ? events : forgetAtEnd(ctx, runId, events),
    sessionKey: store ? accepted.sessionKey : conversation?.id,
    isStream,
  };
}

async function detach(ctx: Context, request: RunRequest, isStream: boolean): Promise<DetachedResponse> {
  const { runId, sessionKey } = await ctx.use(runEngine).accept(ctx, request);
  ctx.options.onInputStored?.();
  return { kind: "detached", runId, sessionKey, isStream };
}

async function answer(
  ctx: Context,
  started: StartedResponse | DetachedResponse,
): Promise<Reply<AnyResponse> | StreamReply> {
  if (started.kind === "attached") return answerAttached(ctx, started);
  const { runId, sessionKey, isStream } = started;
  const headers = { "X-GoClaw-Session-Key": sessionKey, "X-GoClaw-Run-Id": runId };
  const response = await readResponse(ctx, { id: toResponseId(runId), stream: isStream });
  return response instanceof StreamReply ? new StreamReply(response.frames, headers) : new Reply(response, headers);
}
