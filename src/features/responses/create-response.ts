import { invalidField, required } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { resolveRunAgent, type StoredAgent } from "#features/agents/index.ts";
import { type Conversation, toConversation } from "#features/openai-messages/index.ts";
import { namedAgent, showsReasoning, toRunRequest } from "#features/openai-runs/index.ts";
import { answerAttached } from "#features/responses/answer-attached.ts";
import { findPlace, namedSession } from "#features/responses/input/find-place.ts";
import { summaryOf, toEcho } from "#features/responses/input/to-echo.ts";
import { toRunOptions } from "#features/responses/input/to-run-options.ts";
import { toTurns } from "#features/responses/input/to-turns.ts";
import { readResponse } from "#features/responses/read-response.ts";
import { insertResponse, type RequestRecord } from "#features/responses/repository.ts";
import { toResponseId } from "#features/responses/response-ids.ts";
import type { ResponseInput } from "#features/responses/schema/request.ts";
import type { AnyResponse } from "#features/responses/schema/response.ts";
import { chooseVocabulary } from "#features/responses/vocabulary.ts";
import { readOnBusy, runUser } from "#features/runs/index.ts";
import { runEngine } from "#runtime/engine/index.ts";
import type { OnBusy, RunRequest } from "#runtime/runs/index.ts";

/** Runs an agent on the items of a request. Returns the response: streamed, whole, or at once if it is made later. */
export async function createResponse(
  ctx: Context,
  input: ResponseInput,
): Promise<Reply<AnyResponse> | AnyResponse | StreamReply> {
  const { request, isStream, ...prepared } = await prepare(ctx, input);
  return request.isAttached
    ? answerAttached(ctx, request, { ...prepared, isStream })
    : answerLater(ctx, request, isStream);
}

/** A request that is ready to run. It does not hold the input, which may be large. */
interface Prepared {
  readonly request: RunRequest;
  readonly record: RequestRecord;
  readonly vocabulary: ReturnType<typeof chooseVocabulary>;
  readonly isStream: boolean;
}

async function prepare(ctx: Context, input: ResponseInput): Promise<Prepared> {
  const isBackground = input.background === true;
  const forgetsText = input.store === false;
  if (isBackground && forgetsText) throw invalidField("store", "background needs store");
  const agent = await resolveRunAgent(ctx, namedAgent(input.model));
  const user = runUser(ctx, input.user ?? undefined);
  const { instructions, turns } = await readConversation(ctx, input, agent, user.id);
  const from = await findPlace(ctx, input, agent, user);
  const record = toRecord(ctx, input, agent);
  const request = await toRunRequest(ctx, {
    agent,
    user: input.user ?? undefined,
    turns,
    from,
    field: record.hasMessages ? "messages" : "input",
    route: "responses",
    isAttached: !isBackground,
    forgetsText,
    onBusy: input.on_busy ?? queueing(readOnBusy(agent)),
    options: toRunOptions(input, instructions),
    metadata: input.metadata ?? {},
    ...(!forgetsText && { onStored: (queries, runId) => insertResponse(ctx, queries, runId, record) }),
  });
  const vocabulary = chooseVocabulary(ctx, record.hasMessages);
  return { request, record, vocabulary, isStream: input.stream === true };
}

async function readConversation(
  ctx: Context,
  { input, messages }: ResponseInput,
  agent: StoredAgent,
  userId: string,
): Promise<Conversation> {
  if (input !== undefined && messages !== undefined) throw invalidField("messages", "input");
  if (messages !== undefined) return toConversation(ctx, messages);
  if (input === undefined) throw required("input");
  const owner = { agentId: agent.id, userId, mayUseAny: hasRole(ctx, "admin") };
  return { instructions: undefined, turns: await toTurns(ctx, input, owner) };
}

function toRecord(ctx: Context, input: ResponseInput, agent: StoredAgent): RequestRecord {
  const summary = summaryOf(input) ?? "none";
  return {
    echo: toEcho(input, input.model || `goclaw:${agent.key}`, namedSession(ctx, input)),
    hasMessages: input.messages !== undefined,
    showsSummary: summary !== "none" || showsReasoning(ctx, agent),
    sealsReasoning: input.include?.includes("reasoning.encrypted_content") === true,
  };
}

/** Each response has a run of its own, so none steers the run of another. */
const queueing = (onBusy: OnBusy | undefined): OnBusy =>
  onBusy === undefined || onBusy === "steer" ? "queue" : onBusy;

/** Starts a run that goes on without its caller. */
async function answerLater(
  ctx: Context,
  request: RunRequest,
  isStream: boolean,
): Promise<Reply<AnyResponse> | StreamReply> {
  const { runId, sessionKey } = await ctx.use(runEngine).accept(ctx, request);
  ctx.options.onInputStored?.();
  const headers = { "X-GoClaw-Session-Key": sessionKey, "X-GoClaw-Run-Id": runId };
  const answer = await readResponse(ctx, { id: toResponseId(runId), stream: isStream });
  return answer instanceof StreamReply ? new StreamReply(answer.frames, headers) : new Reply(answer, headers);
}
