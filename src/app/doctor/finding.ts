/** The result of one check. */
export interface Finding {
  readonly area: "config" | "home" | "disk" | "gateway" | "sandbox" | "database" | "jobs" | "network" | "providers";
  readonly level: "ok" | "warning" | "problem";
  /** The observed state, in one line. */
  readonly text: string;
  /** What to do about it, in one sentence. */
  readonly advice?: string;
}

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
