import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { textOf, toolCallsOf, toolResultsOf } from "#runtime/transcript/index.ts";
import type { Ledger } from "#testing/crash/ledger.ts";
import { lineFileOf, replyNumberOf } from "#testing/crash/planned-model.ts";
import type { Records } from "#testing/crash/read-records.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import type { ServerSite } from "#testing/server-process.ts";

/** Returns the problems with the effects of tool calls and with the recorded usage of model calls. */
export function checkEffects(records: Records, ledger: Ledger, site: ServerSite): readonly string[] {
  return [...checkCalls(records), ...checkLines(records, ledger, site), ...checkUsage(records), ...checkKeys(records)];
}

function checkCalls({ calls, messages }: Records): readonly string[] {
  const resultTexts = new Map(
    messages.flatMap(({ parts }) => toolResultsOf(parts).map(({ call_id, text }) => [call_id, text])),
  );
  const transcriptCallIds = new Set(messages.flatMap(({ parts }) => toolCallsOf(parts).map(({ id }) => id)));
  return calls.flatMap(({ id, state, result }) => [
    ...(state === "done" || state === "unknown" ? [] : [`call ${id} is ${state}`]),
    ...(transcriptCallIds.delete(id) ? [] : [`call ${id} is in no transcript`]),
    ...(resultTexts.get(id) === result ? [] : [`call ${id} gave ${result} and the model reads ${resultTexts.get(id)}`]),
  ]);
}

/** Checks that each line was written at most once, and exactly once by each call whose result is known. */
function checkLines({ calls, runs }: Records, { entries }: Ledger, { home }: ServerSite): readonly string[] {
  const problems: string[] = [];
  for (const { plan } of entries) {
    const run = runs.find(({ mark }) => mark === plan.id);
    if (!run) continue;
    const file = join(home, "workspace", run.tenant_id, run.agent_id, ownWorkspace(run.user_id), lineFileOf(plan.id));
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    const appends = calls.filter(({ run_id, effect }) => run_id === run.id && effect === "once");
    for (const { id, arguments: text, state } of appends) {
      const { content } = JSON.parse(text) as { content: string };
      const count = lines.filter((line) => line === content.trimEnd()).length;
      if (count > 1 || (state === "done" && count !== 1)) problems.push(`call ${id} (${state}) wrote ${count} lines`);
    }
    const expected = new Set(appends.map(({ arguments: text }) => (JSON.parse(text).content as string).trimEnd()));
    problems.push(
      ...lines.filter((line) => !expected.has(line)).map((line) => `${plan.id}: nobody wrote line ${line}`),
    );
  }
  return problems;
}

/**
 * Checks that every stored turn is counted, that nothing is counted twice, and that a run's total is the sum of its
 * calls.
 */
function checkUsage({ usage, messages, runs }: Records): readonly string[] {
  const numbers = usage.map(({ input_tokens }) => Number(input_tokens));
  const counted = new Set(numbers);
  const kept = messages.filter(({ role, is_complete }) => role === "assistant" && is_complete);
  const uncounted = kept.map(({ parts }) => replyNumberOf(textOf(parts))).filter((number) => !counted.has(number));
  return [
    ...(counted.size === numbers.length ? [] : [`${numbers.length - counted.size} model calls are counted twice`]),
    ...uncounted.map((number) => `the model's reply ${number} is not counted`),
    ...runs.flatMap(({ id, api }) => {
      const own = usage.filter(({ run_id }) => run_id === id);
      const sum = own.reduce((total, { input_tokens }) => total + Number(input_tokens), 0);
      return sum === api.usage.input_tokens ? [] : [`${id}: its calls used ${sum}, it says ${api.usage.input_tokens}`];
    }),
  ];
}

function checkKeys({ keys, runs }: Records): readonly string[] {
  return keys.flatMap(({ key, run_id }) => {
    const mark = key.replace(/^key-/, "");
    const own = runs.filter((run) => run.mark === mark).map(({ id }) => id);
    return own.length <= 1 && (run_id ?? own[0]) === own[0] ? [] : [`${key}: names ${run_id}, its runs are ${own}`];
  });
}
