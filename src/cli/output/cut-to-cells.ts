/** Cuts a text to a number of cells of the terminal, between whole characters. What is left out shows as `…`. */
export function cutToCells(text: string, cells: number): string {
  if (Bun.stringWidth(text) <= cells) return text;
  const kept: string[] = [];
  let left = cells - 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= Bun.stringWidth(segment);
    if (left < 0) break;
    kept.push(segment);
  }
  return cells < 1 ? "" : `${kept.join("")}…`;
}
