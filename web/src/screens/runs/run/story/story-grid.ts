/** The columns of a story: what was done, how long it took, and when. A phone has the last below the first. */
export const STORY_GRID =
  "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 md:grid-cols-[minmax(0,1fr)_4.5rem_minmax(12rem,36%)]";
