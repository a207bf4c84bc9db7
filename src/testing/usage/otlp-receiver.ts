/** A span as it arrived in OTLP. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState?: string;
  readonly kind: number;
  readonly startNanos: string;
  readonly endNanos: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  readonly requests: readonly { readonly path: string; readonly headers: Headers }[];
  /** Resolves when so many spans that match have arrived. */
  waitFor(count: number, matches?: (span: ReceivedSpan) => boolean): Promise<readonly ReceivedSpan[]>;
  stop(): Promise<void>;
}

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
}
type KeyValues = readonly { readonly key: string; readonly value: AnyValue }[];

function toValue({ stringValue, intValue, doubleValue, boolValue, arrayValue }: AnyValue): unknown {
  if (arrayValue) return arrayValue.values.map(toValue);
  return stringValue ?? doubleValue ?? boolValue ?? Number(intValue);
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: KeyValues };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}
interface OtlpSpan
  extends Pick<ReceivedSpan, "name" | "traceId" | "spanId" | "parentSpanId" | "traceState" | "kind" | "status"> {
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: KeyValues;
}

const toRecord = (values: KeyValues) => Object.fromEntries(values.map(({ key, value }) => [key, toValue(value)]));

/** Starts a collector that keeps the spans it receives. `answer` makes it refuse or hang. */
export function startOtlpReceiver(answer: () => Response | Promise<Response> = () => Response.json({})): OtlpReceiver {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: Headers }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      requests.push({ path: new URL(request.url).pathname, headers: request.headers });
      const body = (await request.json()) as OtlpBody;
      for (const { resource, scopeSpans } of body.resourceSpans) {
        for (const span of scopeSpans.flatMap(({ spans: own }) => own)) {
          const { name, traceId, spanId, parentSpanId, traceState, kind, status, attributes } = span;
          const times = { startNanos: span.startTimeUnixNano, endNanos: span.endTimeUnixNano };
          const parents = { parentSpanId, ...(traceState !== undefined && { traceState }) };
          const shared = { name, traceId, spanId, kind, status, ...parents, ...times };
          spans.push({ ...shared, attributes: toRecord(attributes), resource: toRecord(resource.attributes) });
        }
      }
      return answer();
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    spans,
    requests,
    async waitFor(count, matches = () => true) {
      for (;;) {
        const found = spans.filter(matches);
        if (found.length >= count) return found;
        await Bun.sleep(20);
      }
    },
    stop: () => server.stop(true),
  };
}
