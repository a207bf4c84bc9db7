/** The four meanings, and `idle` for what means nothing in particular. */
export type Tone = "good" | "careful" | "bad" | "live" | "idle";

export const TONE_TEXT: Record<Tone, string> = {
  good: "text-good",
  careful: "text-careful",
  bad: "text-bad",
  live: "text-live",
  idle: "text-faint",
};

export const TONE_SOFT: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  careful: "bg-careful-soft text-careful",
  bad: "bg-bad-soft text-bad",
  live: "bg-live-soft text-live",
  idle: "bg-hover text-soft",
};
