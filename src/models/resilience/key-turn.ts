import type { ModelError } from "#models/language-model.ts";
import { failurePolicy } from "#models/resilience/failure-policy.ts";
import type { CallTarget, ProviderHealth } from "#models/resilience/provider-health.ts";

/** The keys of a provider that one call tries, one after the other. */
export class KeyTurn {
  readonly #target: CallTarget;
  readonly #count: number;
  readonly #health: ProviderHealth;
  readonly #places: readonly number[];
  #turn = 0;

  constructor(target: CallTarget, count: number, health: ProviderHealth) {
    this.#target = target;
    this.#count = count;
    this.#health = health;
    this.#places = health.keysInTurn(target, count);
  }

  /** The place of the key, from 0. */
  get place(): number {
    return this.#places[this.#turn] ?? 0;
  }

  /** The place of the key, from 1. Undefined if there is only one. */
  get number(): number | undefined {
    return this.#count > 1 ? this.place + 1 : undefined;
  }

  succeeded(): void {
    this.#health.succeeded(this.#target, this.place);
  }

  /** Moves on to the next key after a failure of this one. Returns false if it is not the key's, or there is none left. */
  moveOn(error: ModelError): boolean {
    if (!this.#isOfKey(error)) return false;
    this.#health.keyFailed(this.#target, this.place, error);
    if (this.#turn + 1 === this.#places.length) return false;
    this.#turn++;
    return true;
  }

  /** Records the failure that ended the call. In the middle of an answer, it may concern only the key. */
  failed(error: ModelError, hasBegun: boolean): void {
    if (hasBegun && this.#isOfKey(error)) this.#health.keyFailed(this.#target, this.place, error);
    else this.#health.failed(this.#target, error);
  }

  #isOfKey(error: ModelError): boolean {
    return this.#count > 1 && failurePolicy(error).isOfKey;
  }
}
