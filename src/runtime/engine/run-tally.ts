import { addUsage, type Journal, type RunTotals, type UsageRecord } from "#runtime/runs/index.ts";

/** The usage, cost and tool calls of a run so far. */
export class RunTally {
  readonly #journal: Journal;
  #totals: RunTotals;

  constructor(totals: RunTotals, journal: Journal) {
    this.#totals = totals;
    this.#journal = journal;
  }

  get totals(): RunTotals {
    return this.#totals;
  }

  /** Counts a usage record. The caller stores it together with other rows. */
  count<Counted extends UsageRecord | undefined>(record: Counted): Counted {
    if (record) {
      const { usage, cost } = record;
      const { totals } = this;
      this.#totals = { ...totals, usage: addUsage(totals.usage, usage), cost: totals.cost + cost };
    }
    return record;
  }

  /** Counts calls of the gateway's own tools. */
  countToolCalls(count: number): void {
    this.#totals = { ...this.#totals, toolCalls: this.#totals.toolCalls + count };
  }

  /** Counts and stores the usage of model calls that produced no message. */
  async store(...records: readonly (UsageRecord | undefined)[]): Promise<void> {
    for (const record of records) if (record) await this.#journal.storeUsage(this.count(record));
  }
}
