// Work that follows the end of a run, such as session titles.

export { createTextForgetter } from "#runtime/after-run/forget-text.ts";
export { createRunEndHook, type RunObserver, toObserverJobs } from "#runtime/after-run/run-observer.ts";
export { createSessionTitles } from "#runtime/after-run/session-titles.ts";
