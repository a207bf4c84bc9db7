import type { LanguageModel, ModelError, ModelRequest } from "#models/language-model.ts";
import { shapeMessages } from "#models/messages/shape-messages.ts";
import { failurePolicy } from "#models/resilience/failure-policy.ts";
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
  readonly #keys: readonly number[];
  #turn = 0;
  #request: ModelRequest;
  #withoutTools = false;

  constructor(options: CallPlanOptions) {
    const { target, models, request, health } = options;
    this.#options = options;
    this.#keys = health.keysInTurn(target, models.length);
    this.#request = request;
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
    return models[this.#key] ?? models[0];
  }

  /** The place of the key, from 1. Undefined if there is only one. */
  get keyNumber(): number | undefined {
    return this.#options.models.length > 1 ? this.#key + 1 : undefined;
  }

  succeeded(): void {
    this.#options.health.succeeded(this.#options.target, this.#key);
  }

  /** Changes the plan after a failure before an answer. Returns true if the changed call should be made at once. */
  adapt(error: ModelError): boolean {
    const { target, health } = this.#options;
    if (isAboutTools(error) && !this.#withoutTools && this.#dropTools()) {
      health.refusedTools(target);
      return true;
    }
    if (!this.#isOfKey(error)) return false;
    health.keyFailed(target, this.#key, error);
    if (this.#turn + 1 === this.#keys.length) return false;
    this.#turn++;
    return true;
  }

  /** Records the failure that ended the call. In the middle of an answer, it may concern only the key. */
  failed(error: ModelError, hasBegun: boolean): void {
    const { target, health } = this.#options;
    if (hasBegun && this.#isOfKey(error)) health.keyFailed(target, this.#key, error);
    else health.failed(target, error);
  }

  get #key(): number {
    return this.#keys[this.#turn] ?? 0;
  }

  #isOfKey(error: ModelError): boolean {
    return this.#options.models.length > 1 && failurePolicy(error).isOfKey;
  }

  /**
   * Removes the tools, and turns earlier calls and results into text. Returns false if there are none, or if the caller
   * requires a call.
   */
  #dropTools(): boolean {
    const { toolChoice, ...request } = this.#options.request;
    if (toolChoice === "required" || typeof toolChoice === "object") return false;
    if (request.tools.length === 0 && request.messages.every(({ role }) => role !== "tool")) return false;
    this.#request = { ...request, tools: [], messages: shapeMessages(request.messages, { withoutTools: true }) };
    this.#withoutTools = true;
    return true;
  }
}

const isAboutTools = ({ kind }: ModelError): boolean => kind === "tools_unsupported" || kind === "tools_disabled";
