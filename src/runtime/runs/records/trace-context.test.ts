import { expect, test } from "bun:test";
import { parseTraceState, toTraceColumns } from "#runtime/runs/records/trace-context.ts";

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const members = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(",");

test.each<[string, string]>([
  ["a=1", "a=1"],
  ["a=1,b=2", "a=1,b=2"],
  [" a=1 ,\t, b=2,", "a=1,b=2"],
  ["fw529a3039@dt=FfAAA=", ""],
  ["fw529a3039@dt=x:y z", "fw529a3039@dt=x:y z"],
  [members(32), members(32)],
  [`a=${"v".repeat(256)},b=${"v".repeat(251)}`, `a=${"v".repeat(256)},b=${"v".repeat(251)}`],
])("the state %p is kept as %p", (header, state) => {
  expect(parseTraceState(header) ?? "").toBe(state);
});

test.each([
  "",
  " , ",
  "a",
  "=1",
  "A=1",
  "a=",
  "a=é",
  "a=1,a=2",
  "a b=1",
  members(33),
  `a=${"v".repeat(257)}`,
  `a=${"v".repeat(256)},b=${"v".repeat(252)}`,
])("the state %p is dropped", (header) => {
  expect(parseTraceState(header)).toBeUndefined();
});

test("a state is kept with a valid parent alone, and an invalid one does not hurt its parent", () => {
  expect(toTraceColumns({ traceparent: PARENT, tracestate: "a=1" })).toEqual({
    trace_parent: PARENT,
    trace_state: "a=1",
  });
  expect(toTraceColumns({ traceparent: PARENT, tracestate: "?" })).toEqual({ trace_parent: PARENT, trace_state: null });
  expect(toTraceColumns({ traceparent: "?", tracestate: "a=1" })).toEqual({ trace_parent: null, trace_state: null });
  expect(toTraceColumns(undefined)).toEqual({ trace_parent: null, trace_state: null });
});
