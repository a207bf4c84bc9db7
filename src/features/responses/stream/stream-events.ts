import type { describeFailure } from "#features/openai-runs/index.ts";
import type { OutputItem, OutputText, ResponseObject } from "#features/responses/schema/response.ts";

/** Where in the output an event belongs. */
interface ItemPlace {
  readonly item_id: string;
  readonly output_index: number;
}

interface ContentPlace extends ItemPlace {
  readonly content_index: number;
}

interface SummaryPlace extends ItemPlace {
  readonly summary_index: number;
}

interface SummaryPart {
  readonly type: "summary_text";
  readonly text: string;
}

/** The types of the events that hold the whole response. The last three end a stream. */
export type LifecycleType =
  | "response.created"
  | "response.queued"
  | "response.in_progress"
  | "response.completed"
  | "response.incomplete"
  | "response.failed";

/**
 * The events of OpenAI's streams that a run can have
 * (https://platform.openai.com/docs/api-reference/responses-streaming).
 */
export type EventBody =
  | { readonly type: LifecycleType; readonly response: ResponseObject }
  | {
      readonly type: "response.output_item.added" | "response.output_item.done";
      readonly output_index: number;
      readonly item: OutputItem;
    }
  | ({
      readonly type: "response.content_part.added" | "response.content_part.done";
      readonly part: OutputText;
    } & ContentPlace)
  | ({
      readonly type: "response.output_text.delta";
      readonly delta: string;
      readonly logprobs: readonly never[];
    } & ContentPlace)
  | ({
      readonly type: "response.output_text.done";
      readonly text: string;
      readonly logprobs: readonly never[];
    } & ContentPlace)
  | ({ readonly type: "response.function_call_arguments.delta"; readonly delta: string } & ItemPlace)
  | ({
      readonly type: "response.function_call_arguments.done";
      readonly name: string;
      readonly arguments: string;
    } & ItemPlace)
  | ({
      readonly type: "response.reasoning_summary_part.added" | "response.reasoning_summary_part.done";
      readonly part: SummaryPart;
    } & SummaryPlace)
  | ({ readonly type: "response.reasoning_summary_text.delta"; readonly delta: string } & SummaryPlace)
  | ({ readonly type: "response.reasoning_summary_text.done"; readonly text: string } & SummaryPlace)
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly param: string | null;
      readonly error: ReturnType<typeof describeFailure>;
    };

/** An event with its place in the stream. */
export type StreamEvent = EventBody & { readonly sequence_number: number };
