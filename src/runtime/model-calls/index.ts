// One call of a model: the request to the provider, its stream, price, usage, span and error.

export { type Answer, askModel, type Question } from "#runtime/model-calls/ask-model.ts";
export {
  type CalledTurn,
  callModel,
  type ModelCaller,
  type ModelCallServices,
  modelCallServices,
} from "#runtime/model-calls/call-model.ts";
export { createPriceOf, type PriceOf } from "#runtime/model-calls/create-price-of.ts";
export type { ModelSource, OpenModel } from "#runtime/model-calls/model-source.ts";
export { createPreviewer, PREVIEW_MARGIN, type Previewer } from "#runtime/model-calls/previews/create-previewer.ts";
export { recordToolCall } from "#runtime/model-calls/record-tool-call.ts";
export {
  createSpanRecorder,
  type ExportedCall,
  type ExportedRun,
  type SpanExport,
  type SpanRecorder,
} from "#runtime/model-calls/span-recorder.ts";
export { toRunError } from "#runtime/model-calls/to-run-error.ts";
