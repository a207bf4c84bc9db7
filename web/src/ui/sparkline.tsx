import { cn } from "#web/ui/classes.ts";

const WIDTH = 96;
const HEIGHT = 24;

interface SparklineProps {
  readonly values: readonly number[];
  /** Says in words what the line shows. */
  readonly label: string;
  readonly className?: string;
}

/** Use for the course of a number beside it. It has no axes, so the number itself must stand nearby. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + 1e-9);
  const step = WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, index) => {
    const y = HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={cn("h-6 w-24 text-accent", className)}
    >
      <path d={`M0,${HEIGHT}L${points.join("L")}L${WIDTH},${HEIGHT}Z`} fill="currentColor" opacity="0.12" />
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
