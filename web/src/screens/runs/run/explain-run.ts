import type { Format } from "#web/i18n/format.ts";
import type { Texts } from "#web/i18n/texts.ts";
import type { Run, Span } from "#web/screens/runs/run/story/to-steps.ts";
import type { Tone } from "#web/ui/tone.ts";

/** Why a run went as it did, and what can be done. */
export interface Note {
  readonly key: string;
  readonly tone: Tone;
  readonly title: string;
  readonly advice?: string | undefined;
  /** The words of a provider, which are shown as they are. */
  readonly quote?: string | undefined;
}

interface Facts {
  readonly run: Run;
  readonly spans: readonly Span[];
  /** Why it was cancelled, as the gateway wrote it. */
  readonly note: string | undefined;
  /** True if another run of the same session is under way. */
  readonly isBehind: boolean;
}

/** Says in plain sentences why a run waits, failed, was stopped, or took a turn on its way. */
export function explainRun(
  { run, spans, note, isBehind }: Facts,
  words: Texts["runs"],
  format: Format,
): readonly Note[] {
  switch (run.status) {
    case "queued":
      return [
        {
          key: "queued",
          tone: "live",
          title: isBehind ? words.waitsForSession : words.waitsForWorker,
          advice: isBehind ? words.waitsForSessionHint : undefined,
        },
      ];
    case "waiting":
      return [{ key: "waiting", tone: "careful", title: words.waitsForOther, advice: words.waitsForOtherHint }];
    case "running":
      return explainRestarts(run, words);
    case "cancelled":
      return [...explainStop(run, note, words, format), ...explainRestarts(run, words)];
    case "failed":
      return [...explainFailure(run, words), ...explainRestarts(run, words)];
    case "completed":
      return [...explainFinish(run, words), ...explainDetours(run, spans, words), ...explainRestarts(run, words)];
  }
}

/** The gateway writes who asked, such as `cancelled by ada`. */
const CANCELLED_BY = /^cancelled by (.+)$/;

function explainStop(
  { created_at, ended_at }: Run,
  note: string | undefined,
  words: Texts["runs"],
  format: Format,
): readonly Note[] {
  const person = CANCELLED_BY.exec(note ?? "")?.[1];
  const after = ended_at === undefined ? "" : format.duration(Date.parse(ended_at) - Date.parse(created_at));
  return [
    {
      key: "stopped",
      tone: "idle",
      title: person === undefined ? words.stopped(after) : words.stoppedBy(person, after),
      advice: words.stoppedHint,
      quote: person === undefined ? note : undefined,
    },
  ];
}

function explainFailure({ error }: Run, words: Texts["runs"]): readonly Note[] {
  const reason = String(error?.details?.reason ?? error?.code ?? "");
  const said = error?.details?.provider_message;
  return [
    {
      key: "failed",
      tone: "bad",
      title: error ? upperFirst(error.message) : words.failures.unknown,
      advice: adviceFor(reason, words) ?? (error?.retryable ? words.advice.retry : words.advice.look),
      quote: typeof said === "string" ? said : undefined,
    },
  ];
}

function adviceFor(reason: string, { advice }: Texts["runs"]): string | undefined {
  const kind = reason.replace(/^provider_/, "");
  return Object.hasOwn(advice, kind) ? advice[kind as keyof typeof advice] : undefined;
}

function explainFinish({ finish, without_tools, model = "" }: Run, words: Texts["runs"]): readonly Note[] {
  const notes: Note[] = [];
  if (finish === "length")
    notes.push({ key: "length", tone: "careful", title: words.cutOff, advice: words.cutOffHint });
  if (finish === "content_filter") {
    notes.push({ key: "filter", tone: "careful", title: words.filtered, advice: words.filteredHint });
  }
  if (finish === "tool_calls") notes.push({ key: "calls", tone: "idle", title: words.endedWithCalls });
  if (without_tools) notes.push({ key: "tools", tone: "careful", title: words.withoutTools(model) });
  return notes;
}

/** What did not work at first, although the run came to an answer. */
function explainDetours({ provider, model = "" }: Run, spans: readonly Span[], words: Texts["runs"]): readonly Note[] {
  const failed = spans.filter(({ span_type, status }) => span_type === "llm_call" && status === "error");
  const other = failed.find((span) => span.provider !== provider || span.model !== model);
  const tools = spans.filter(({ span_type, status }) => span_type === "tool_call" && status === "error").length;
  return [
    ...(other
      ? [{ key: "fallback", tone: "careful" as const, title: words.fellBack(other.model ?? "", model, failed.length) }]
      : []),
    ...(!other && failed.length > 0
      ? [{ key: "retried", tone: "idle" as const, title: words.retried(failed.length) }]
      : []),
    ...(tools > 0 ? [{ key: "toolErrors", tone: "idle" as const, title: words.toolErrors(tools) }] : []),
  ];
}

const explainRestarts = ({ attempt }: Run, words: Texts["runs"]): readonly Note[] =>
  attempt > 1 ? [{ key: "restarts", tone: "careful", title: words.beganAgain(attempt) }] : [];

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
