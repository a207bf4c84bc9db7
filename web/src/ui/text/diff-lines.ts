export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
  /** Its number in the old and in the new text, where it is there. */
  readonly before?: number;
  readonly after?: number;
}

/** Above this product of lengths, all changed lines count as replaced: the exact answer would take too long. */
const LARGEST = 4_000_000;

/** Compares two texts line by line, by their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;

  const lines: DiffLine[] = [];
  const same = (i: number, j: number) => lines.push({ kind: "same", text: a[i] ?? "", before: i + 1, after: j + 1 });
  const removed = (i: number) => lines.push({ kind: "removed", text: a[i] ?? "", before: i + 1 });
  const added = (j: number) => lines.push({ kind: "added", text: b[j] ?? "", after: j + 1 });

  for (let i = 0; i < start; i++) same(i, i);
  let i = start;
  let j = start;
  const [aEnd, bEnd] = [a.length - end, b.length - end];
  const lengths = measure(a.slice(start, aEnd), b.slice(start, bEnd));
  while (i < aEnd || j < bEnd) {
    if (i < aEnd && j < bEnd && lengths && a[i] === b[j]) same(i++, j++);
    else if (
      j >= bEnd ||
      (i < aEnd && (!lengths || lengths(i + 1 - start, j - start) >= lengths(i - start, j + 1 - start)))
    )
      removed(i++);
    else added(j++);
  }
  for (let k = 0; k < end; k++) same(aEnd + k, bEnd + k);
  return lines;
}

/** Returns the length of the longest common subsequence of what follows two places, or nothing for texts too long. */
function measure(a: readonly string[], b: readonly string[]): ((i: number, j: number) => number) | undefined {
  if (a.length * b.length > LARGEST) return undefined;
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
