/** The W3C headers that let a call continue a trace. https://www.w3.org/TR/trace-context/ */
export interface TraceHeaders {
  readonly traceparent: string;
  /** What the systems before us noted about the trace. */
  readonly tracestate?: string;
}
