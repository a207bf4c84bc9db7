import { defineService } from "#core/service.ts";
import type { Previewer } from "#runtime/model-calls/index.ts";

/** Shortens the texts of traces. */
export interface TracePreviewer {
  /** The longest preview, in characters. */
  readonly chars: number;
  readonly preview: Previewer;
}

export const tracePreviewer = defineService<TracePreviewer>("trace-previewer");
