import { useState } from "react";
import { namesOf, type Step } from "#web/screens/runs/run/story/to-steps.ts";

/** Returns the key of a step. It stays the same when the step gets another name. */
export function useStepKeys(): (step: Step) => string {
  const [keyOf] = useState(() => {
    const keys = new Map<string, string>();
    return (step: Step) => {
      const names = namesOf(step);
      const key = names.map((name) => keys.get(name)).find((known) => known !== undefined) ?? names[0] ?? "";
      for (const name of names) keys.set(name, key);
      return key;
    };
  });
  return keyOf;
}
