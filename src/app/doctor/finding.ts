import type { Finding } from "#core/findings.ts";

type Area = Finding["area"];

export const ok = (area: Area, text: string): Finding => ({ area, level: "ok", text });
export const warning = (area: Area, text: string, advice: string): Finding => ({
  area,
  level: "warning",
  text,
  advice,
});
export const problem = (area: Area, text: string, advice: string): Finding => ({
  area,
  level: "problem",
  text,
  advice,
});
