import { afterAll, describe, expect, test } from "bun:test";
import { toUnitVector } from "#features/memory/vectors/to-unit-vector.ts";
import { PROVIDER_KEY, startChatGateway } from "#testing/chat-fixture.ts";
import { scriptEmbeddings } from "#testing/model-server/embeddings.ts";
import { testDialects } from "#testing/test-database.ts";

const MODEL = "small";
const TIMEOUT = 120_000;
const TOPICS = 8;
const NOTES = 2_000;
const QUESTIONS = 40;
const RESULTS = 6;
const CHUNK_CHARS = 100;
/** A paragraph of half a chunk is a chunk of its own. */
const LINE_CHARS = CHUNK_CHARS / 2;

/** Returns a number in letters, which is one word. */
const letters = (number: number): string => [...`${number}`].map((digit) => "abcdefghij"[Number(digit)]).join("");

const lineOf = (number: number): string =>
  `topic${letters(number % TOPICS)} note${letters(number)} `.padEnd(LINE_CHARS, ".");
/** Has no word of a line. */
const questionOf = (number: number): string => `subject${letters(number % TOPICS)} ask${letters(number)}`;

// Each topic is a cluster of vectors, whose lines differ in a direction of their own.
const MEANINGS = Array.from({ length: TOPICS }, (_, topic) => [`topic${letters(topic)}`, `subject${letters(topic)}`]);

/** What each database answered to every question. */
const answers = new Map<string, readonly unknown[]>();

describe.each([...testDialects()])("a search over thousands of vectors on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  afterAll(() => gateway.stop());
  const { call, model, anAgent } = gateway;
  const embeddings = scriptEmbeddings(MEANINGS);
  model.route("/embeddings", embeddings.answer);
  const unitVectorOf = (text: string) => toUnitVector(embeddings.vectorOf(MODEL, text)) ?? new Float32Array();
  await call("POST", "/v1/providers", {
    name: "vectors",
    provider_type: "openai_compat",
    api_base: `${model.url}/v1`,
    api_key: PROVIDER_KEY,
    settings: { embedding: { enabled: true, model: MODEL } },
  });

  test(
    "finds what a comparison with every one finds",
    async () => {
      const agent = await anAgent("openai", {
        memory_config: { enabled: true, max_chunk_len: CHUNK_CHARS, chunk_overlap: 0 },
      });
      const lines = Array.from({ length: NOTES }, (_, number) => lineOf(number));
      const document = `/v1/agents/${agent}/memory/documents/lines.md`;
      await call("PUT", document, { content: lines.join("\n\n") });
      while ((await call("GET", document)).body.embedded_count < NOTES) await Bun.sleep(50);

      const vectors = lines.map((line) => unitVectorOf(line));
      const found: unknown[] = [];
      let hits = 0;
      for (let number = 0; number < QUESTIONS; number++) {
        const query = questionOf(number);
        const wanted = unitVectorOf(query);
        const likeness = vectors.map((vector) => vector.reduce((sum, one, at) => sum + one * (wanted[at] ?? 0), 0));
        const nearest = [...likeness.keys()].toSorted((a, b) => (likeness[b] ?? 0) - (likeness[a] ?? 0));
        const best = nearest.slice(0, RESULTS).map((line) => lines[line]);
        const search = { query, max_results: RESULTS };
        const { results } = (await call("POST", `/v1/agents/${agent}/memory/search`, search)).body;
        found.push(results);
        hits += results.filter(({ snippet }: { readonly snippet: string }) => best.includes(snippet)).length;
      }
      answers.set(dialect, found);
      expect(hits / (QUESTIONS * RESULTS)).toBeGreaterThanOrEqual(0.95);
    },
    TIMEOUT,
  );

  test("finds the same passages with the same scores on every database", () => {
    for (const other of answers.values()) expect(other).toEqual(answers.get(dialect) ?? []);
  });
});
