import { z } from "zod";
import { type Clock, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events/events.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import { type Author, mutateAs } from "#core/mutate.ts";
import type { TenantDatabase } from "#db/database.ts";
import { defaultContextFiles } from "#features/agents/default-context-files.ts";
import { agentDeleted, agentSummonCancelled, agentSummoned } from "#features/agents/events.ts";
import { toName } from "#features/agents/insert-agent.ts";
import { SUMMON_JOB } from "#features/agents/summoning/begin-summon.ts";
import { type Generated, parseGenerated } from "#features/agents/summoning/parse-generated.ts";
import {
  failSummon,
  lockWantedSummon,
  storeGenerated,
  type WantedSummon,
} from "#features/agents/summoning/store-summon.ts";
import {
  GENERATED_FILES,
  type GeneratedFile,
  SUMMON_INSTRUCTIONS,
  toSummonQuestion,
} from "#features/agents/summoning/summon-question.ts";
import { askModel, type ModelCallServices } from "#runtime/model-calls/index.ts";
import type { ContextFile } from "#runtime/prompt/index.ts";
import { type AgentSource, insertUsage, NO_RUN, type UsageRecord } from "#runtime/runs/index.ts";

export interface SummonServices {
  readonly modelCalls: ModelCallServices;
  readonly agents: AgentSource;
  readonly clock: Clock;
  readonly events: EventBus;
}

const SETTINGS = { maxOutputTokens: 8_192, temperature: 0.7 };

/** Failures after which two smaller calls may work: the model was slow, or the connection broke. */
const SLOW: ReadonlySet<string> = new Set(["timeout", "unreachable"]);

/**
 * Creates the job that lets an agent's model write the agent's files. A cancelled or replaced summoning stores nothing.
 * A model that fails ends the summoning, and what its calls cost is counted all the same.
 */
export function createSummonJob(services: SummonServices): JobHandler {
  const running = new Map<string, AbortController>();
  services.events.subscribe([agentSummonCancelled, agentDeleted], {
    receive: ({ entityId }) => running.get(entityId)?.abort(),
  });
  return defineJob({
    name: SUMMON_JOB,
    payload: z.object({ agent_id: z.string(), token: z.string() }),
    async run({ db, payload: { agent_id, token }, signal: stopping }) {
      const unwanted = new AbortController();
      running.set(agent_id, unwanted);
      try {
        const wanted = await findWanted(db, agent_id, token);
        if (wanted) await summon(services, db, wanted, AbortSignal.any([stopping, unwanted.signal]));
        // A stopping gateway leaves the job to the next start.
        stopping.throwIfAborted();
      } finally {
        running.delete(agent_id);
      }
    },
  });
}

const findWanted = (db: TenantDatabase, agentId: string, token: string): Promise<WantedSummon | undefined> =>
  db
    .write((queries) => lockWantedSummon(queries, agentId, token))
    .catch((thrown: unknown) => {
      if (thrown instanceof Error && "code" in thrown && thrown.code === "NOT_FOUND") return undefined;
      throw thrown;
    });

async function summon(
  services: SummonServices,
  db: TenantDatabase,
  wanted: WantedSummon,
  signal: AbortSignal,
): Promise<void> {
  const { agent, summon: begun } = wanted;
  const files = await readFiles(db, agent.id);
  const isChange = begun.kind === "regenerate";
  const missing = isChange ? GENERATED_FILES : GENERATED_FILES.filter((name) => !isWritten(files, name, wanted));
  const outcome =
    missing.length === 0
      ? { generated: { files: new Map(), frontmatter: undefined } satisfies Generated, usage: [] }
      : await generate(services, db, wanted, { files, wanted: missing, isChange }, signal);
  // What was spent counts, even if nobody wants the result any more.
  await countUsage(services, db, outcome.usage);
  signal.throwIfAborted();
  await finish(services, db, wanted, outcome);
}

interface Outcome {
  readonly generated?: Generated;
  readonly error?: string;
  readonly usage: readonly UsageRecord[];
}

interface Material {
  readonly files: readonly ContextFile[];
  readonly wanted: readonly GeneratedFile[];
  readonly isChange: boolean;
}

async function generate(
  { modelCalls, agents }: SummonServices,
  db: TenantDatabase,
  { agent: stored, summon: { prompt } }: WantedSummon,
  material: Material,
  signal: AbortSignal,
): Promise<Outcome> {
  const agent = await agents.load(db, stored.id);
  if (!agent) return { error: "the agent is gone", usage: [] };
  const caller = { db, agent, userId: stored.ownerId };
  const ask = (wanted: readonly GeneratedFile[], files: readonly ContextFile[]) => {
    const text = toSummonQuestion({ ...material, wish: prompt, wanted, files });
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.summonCall)]);
    const question = { instructions: SUMMON_INSTRUCTIONS, texts: [text], settings: SETTINGS };
    return askModel(modelCalls, caller, question, limited);
  };
  const whole = await ask(material.wanted, material.files);
  const isSlow = whole.end.kind === "error" && (SLOW.has(whole.end.error.kind) || whole.end.error.kind === "aborted");
  if (!isSlow || material.wanted.length === 1 || signal.aborted) return toOutcome(whole, [], material);

  const [last, ...others] = [...material.wanted].reverse();
  const first = await ask(others, material.files);
  const written = parseGenerated(first.text);
  const known = [...written.files].map(([name, content]) => ({ name, content }));
  const second = last === undefined ? first : await ask([last], [...material.files, ...known]);
  const text = `${first.text}\n${second.text}`;
  return toOutcome({ ...second, text }, [...whole.usage, ...first.usage], material);
}

type Asked = Awaited<ReturnType<typeof askModel>>;

function toOutcome(
  { end, text, usage }: Asked,
  before: readonly UsageRecord[],
  { wanted, isChange }: Material,
): Outcome {
  const all = [...before, ...usage];
  if (end.kind === "error") return { error: `the model failed: ${end.error.kind}`, usage: all };
  const generated = parseGenerated(text);
  const needed = isChange ? [] : wanted.filter((name) => name !== "CAPABILITIES.md");
  const isWhole = generated.files.size > 0 && needed.every((name) => generated.files.has(name));
  return isWhole ? { generated, usage: all } : { error: "the model wrote no files that can be read", usage: all };
}

async function finish(
  { clock, events }: SummonServices,
  db: TenantDatabase,
  { agent, summon: { token } }: WantedSummon,
  { generated, error = "" }: Outcome,
): Promise<void> {
  const author: Author = { db, actor: { kind: "job", name: SUMMON_JOB }, events, now: clock.now() };
  await mutateAs(author, agentSummoned, async (queries) => {
    const wanted = await lockWantedSummon(queries, agent.id, token);
    if (!wanted) return { unchanged: undefined };
    if (generated) await storeGenerated(queries, wanted, generated, author.now);
    else await failSummon(queries, agent.id, error, author.now);
    const details = generated
      ? { outcome: "completed" as const, files: [...generated.files.keys()] }
      : { outcome: "failed" as const, files: [], error };
    return { entityId: agent.id, userId: agent.ownerId, value: undefined, details };
  });
}

async function countUsage(
  { clock }: SummonServices,
  db: TenantDatabase,
  records: readonly UsageRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await db.write(async (queries) => {
    for (const record of records) await insertUsage(queries, NO_RUN, "", record, toTimestamp(clock.now()));
  });
}

const readFiles = (db: TenantDatabase, agentId: string): Promise<ContextFile[]> =>
  db.read
    .selectFrom("agent_context_files")
    .select(["file_name as name", "content"])
    .where("agent_id", "=", agentId)
    .execute();

/** Returns whether a file says something else than the one that every new agent gets. */
function isWritten(files: readonly ContextFile[], name: GeneratedFile, { agent }: WantedSummon): boolean {
  const content = files.find((file) => file.name === name)?.content;
  if (content === undefined) return false;
  const first = defaultContextFiles(toName(agent), agent.settings.emoji).find((file) => file.name === name)?.content;
  return content !== first;
}
