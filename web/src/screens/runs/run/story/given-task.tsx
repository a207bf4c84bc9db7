import { toText, useRunMessages } from "#web/screens/runs/run/story/use-run-messages.ts";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

/** The whole task of a run. Until it is read, and once it was deleted, the beginning that the trace kept. */
export function GivenTask({ preview }: { readonly preview: string }) {
  const { data, runId } = useRunMessages();
  const messages = data?.messages ?? [];
  const written = messages.findIndex(({ run_id }) => run_id === runId);
  const task = written < 0 ? messages.at(-1) : messages[written - 1];
  return <CodeBlock code={task ? toText(task) : preview} wrap maxHeight="24rem" />;
}
