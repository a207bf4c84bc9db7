import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialogs/dialog.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

const toListing = (key: string): string => `curl ${location.origin}/v1/models \\
  -H "Authorization: Bearer ${key}"`;

const toChat = (key: string): string => `curl -N ${location.origin}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model":"goclaw:default","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'`;

interface CreatedKeyProps {
  readonly created: OutputOf<"api_keys.create">;
  readonly onClose: () => void;
}

/** Shows a new key, which nobody can see again, and how to use it at once. */
export function CreatedKey({ created: { name, key, scopes }, onClose }: CreatedKeyProps) {
  const { settings } = useTexts();
  const words = settings.keys;
  const text = key ?? "";
  const mayRun = scopes.some((scope) => scope === "operator.write" || scope === "operator.admin");
  return (
    <Dialog
      isOpen
      isPersistent
      onClose={onClose}
      title={`${words.createdTitle}: ${name}`}
      description={words.createdHint}
      footer={
        <Button variant="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <CodeBlock code={text} wrap />
        <h3 className="mt-2 font-medium">{words.tryIt}</h3>
        <CodeBlock code={mayRun ? toChat(text) : toListing(text)} language="sh" />
      </div>
    </Dialog>
  );
}
