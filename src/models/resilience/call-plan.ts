import type { LanguageModel, ModelError, ModelRequest } from "#models/language-model.ts";
import { hasResultFiles, withoutResultFiles } from "#models/messages/result-files.ts";
import { shapeMessages } from "#models/messages/shape-messages.ts";
import { KeyTurn } from "#models/resilience/key-turn.ts";
import type { CallTarget, ProviderHealth } from "#models/resilience/provider-health.ts";

export interface CallPlanOptions {
  readonly target: CallTarget;
  /** The model behind each key of the provider. */
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  readonly request: ModelRequest;
  readonly health: ProviderHealth;
}

/** What a call of one candidate sends, and with which key. A failure may change both. */
export class CallPlan {
  readonly #options: CallPlanOptions;
  readonly #keys: KeyTurn;
  #request: ModelRequest;
  #withoutTools = false;
  #withoutFiles = false;
  /** True if the call failed with the images of tool results and is made again without them. */
  #triesWithoutFiles = false;

  constructor(options: CallPlanOptions) {
    const { target, models, request, health } = options;
    this.#options = options;
    this.#keys = new KeyTurn(target, models.length, health);
    this.#request = request;
    if (health.refusesResultFiles(target)) this.#dropResultFiles();
    if (health.refusesTools(target)) this.#dropTools();
  }

  get request(): ModelRequest {
    return this.#request;
  }

  /** True if the request offered tools that are not sent. */
  get withoutTools(): boolean {
    return this.#withoutTools;
  }

  get model(): LanguageModel {
    const { models } = this.#options;
    return models[this.#keys.place] ?? models[0];
  }

  /** The place of the key, from 1. Undefined if there is only one. */
  get keyNumber(): number | undefined {
    return this.#keys.number;
  }

  succeeded(): void {
    const { target, health } = this.#options;
    this.#keys.succeeded();
    // Only now it is clear that the images were the reason.
    if (this.#triesWithoutFiles) health.refusedResultFiles(target);
  }

  /** Changes the plan after a failure before an answer. Returns true if the changed call should be made at once. */
  adapt(error: ModelError): boolean {
    const { target, health } = this.#options;
    if (isAboutTools(error) && !this.#withoutTools && this.#dropTools()) {
      health.refusedTools(target);
      return true;
    }
    if (isAboutInput(error) && this.#dropResultFiles()) {
      this.#triesWithoutFiles = true;
      return true;
    }
    return this.#keys.moveOn(error);
  }

  /** Records the failure that ended the call. */
  failed(error: ModelError, hasBegun: boolean): void {
    this.#keys.failed(error, hasBegun);
  }

  /**
   * Removes the tools, and turns earlier calls and results into text. Returns false if there are none, or if the caller
   * requires a call.
   */
  #dropTools(): boolean {
    const { toolChoice, tools, messages } = this.#options.request;
    if (toolChoice === "required" || typeof toolChoice === "object") return false;
    if (tools.length === 0 && messages.every(({ role }) => role !== "tool")) return false;
    this.#withoutTools = true;
    this.#reshape();
    return true;
  }

  /** Replaces the images of tool results with text. Returns false if there are none. */
  #dropResultFiles(): boolean {
    if (this.#withoutFiles || !hasResultFiles(this.#options.request.messages)) return false;
    this.#withoutFiles = true;
    this.#reshape();
    return true;
  }

  #reshape(): void {
    const { toolChoice, ...request } = this.#options.request;
    const messages = this.#withoutFiles ? withoutResultFiles(request.messages) : request.messages;
    this.#request = this.#withoutTools
      ? { ...request, tools: [], messages: shapeMessages(messages, { withoutTools: true }) }
      : { ...this.#options.request, messages };
  }
}

/** Many servers refuse an image with words that say nothing of it. */
const isAboutInput = ({ kind }: ModelError): boolean =>
  kind === "input_unsupported" || kind === "unsupported" || kind === "invalid_request";

const isAboutTools = ({ kind }: ModelError): boolean => kind === "tools_unsupported" || kind === "tools_disabled";
