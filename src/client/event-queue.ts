/** Events that wait to be read by one reader. */
export class EventQueue<Event> {
  readonly #events: Event[] = [];
  #wake = () => {};
  #end: { readonly error?: unknown } | undefined;

  push(event: Event): void {
    this.#events.push(event);
    this.#wake();
  }

  /** Ends the reading once everything is read, with an error if there is one. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  async *read(): AsyncGenerator<Event> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#end) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
