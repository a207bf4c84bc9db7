import { createHash } from "node:crypto";
import type { RouteAnswer } from "#testing/model-server/start-model-server.ts";

const DIMENSIONS = 256;

interface Failure {
  readonly status: number;
  readonly body: unknown;
}

/** An embeddings endpoint whose vectors a test can predict. */
export interface ScriptedEmbeddings {
  /** Answers requests. */
  readonly answer: RouteAnswer;
  /** Returns the vector that a model gives a text. */
  readonly vectorOf: (model: string, text: string) => readonly number[];
  /** The texts of each request, oldest first. */
  readonly requests: (readonly string[])[];
  /** The models of the requests. */
  readonly models: string[];
  /** Answers in place of vectors while it returns something. */
  fail?: ((texts: readonly string[]) => Failure | Promise<Failure> | undefined) | undefined;
}

/**
 * Creates an endpoint in the format of OpenAI. Texts have like vectors if they have words of the same meaning. `meanings`
 * lists words of one meaning each; any other word means itself.
 */
export function scriptEmbeddings(meanings: readonly (readonly string[])[]): ScriptedEmbeddings {
  const meaningOf = new Map(meanings.flatMap((words) => words.map((word) => [word, words[0] ?? word] as const)));
  const toVector = (model: string, text: string, dimensions: number): readonly number[] => {
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const sum = new Array<number>(dimensions).fill(0);
    for (const word of words) {
      const direction = directionOf(`${model}:${meaningOf.get(word) ?? word}`, dimensions);
      for (const [index, number] of direction.entries()) sum[index] = (sum[index] ?? 0) + number;
    }
    return sum;
  };
  const scripted: ScriptedEmbeddings = {
    vectorOf: (model, text) => toVector(model, text, DIMENSIONS),
    requests: [],
    models: [],
    answer({ body: { input, model, dimensions = DIMENSIONS } }) {
      const texts: readonly string[] = [input].flat();
      scripted.requests.push(texts);
      scripted.models.push(model);
      const failure = scripted.fail?.(texts);
      if (failure) return failure;
      const data = texts.map((text, index) => ({ index, embedding: toVector(model, text, dimensions) }));
      return { body: { data, usage: { prompt_tokens: texts.length * 10 } } };
    },
  };
  return scripted;
}

/** Returns a direction that looks random and is the same for the same text. */
function directionOf(text: string, dimensions: number): readonly number[] {
  const numbers: number[] = [];
  for (let block = 0; numbers.length < dimensions; block++) {
    for (const byte of createHash("sha256").update(`${block}:${text}`).digest()) numbers.push(byte / 127.5 - 1);
  }
  return numbers.slice(0, dimensions);
}
