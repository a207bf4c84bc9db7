import type { ModelTool } from "#models/language-model.ts";
import { readFoundTools } from "#runtime/tools/deferral/tool-search.ts";
import { type RunTools, toModelTools } from "#runtime/tools/run-tools.ts";
import { createToolNames, type ToolNames } from "#runtime/tools/tool-names.ts";
import type { ToolResultPart } from "#runtime/transcript/index.ts";

/** What one run may call. It grows by the deferred tools that the run finds, always at its end. */
export class OfferedTools {
  readonly #initial: RunTools;
  readonly #clientTools: readonly ModelTool[];
  readonly #found = new Set<string>();
  #tools: RunTools;
  #forModel: readonly ModelTool[];
  #names: ToolNames;

  /** `results` are those of the run so far, from which the tools found before a crash are known. */
  constructor(tools: RunTools, clientTools: readonly ModelTool[], results: readonly ToolResultPart[]) {
    this.#initial = tools;
    this.#clientTools = clientTools;
    for (const name of readFoundTools(results)) this.#found.add(name);
    this.#tools = this.applyTo(tools);
    this.#forModel = toModelTools(this.#tools, clientTools);
    this.#names = createToolNames(this.#forModel);
  }

  get tools(): RunTools {
    return this.#tools;
  }

  /** The tools of the run and of its client, as the model is offered them. */
  get forModel(): readonly ModelTool[] {
    return this.#forModel;
  }

  get names(): ToolNames {
    return this.#names;
  }

  /** Adds the tools that were found by searches among these results. */
  learn(results: readonly ToolResultPart[]): void {
    const before = this.#found.size;
    for (const name of readFoundTools(results)) this.#found.add(name);
    if (this.#found.size === before) return;
    this.#tools = this.applyTo(this.#initial);
    this.#forModel = toModelTools(this.#tools, this.#clientTools);
    this.#names = createToolNames(this.#forModel);
  }

  /** Returns other tools, such as those loaded later, with the deferred ones that the run has found. */
  applyTo(tools: RunTools): RunTools {
    const found = [...this.#found].flatMap((name) => tools.deferred.get(name) ?? []);
    if (found.length === 0) return tools;
    const names = new Set(found.map(({ name }) => name));
    return {
      ...tools,
      offered: [
        ...tools.offered,
        ...found.map(({ name, description, parameters }) => ({ name, description, parameters })),
      ],
      find: (name) => tools.find(name) ?? (names.has(name) ? tools.deferred.get(name) : undefined),
    };
  }
}
