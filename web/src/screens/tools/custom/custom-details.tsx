import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { CustomDialog } from "#web/screens/tools/custom/custom-dialog.tsx";
import type { CustomTool } from "#web/screens/tools/custom/custom-tab.tsx";
import { formatObject } from "#web/screens/tools/parts/parse-object.ts";
import { ToolTest } from "#web/screens/tools/test/tool-test.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { Status } from "#web/ui/status.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

const SECOND = 1_000;

interface CustomDetailsProps {
  readonly tool: CustomTool;
  readonly onDeleted: () => void;
}

/** One of the tenant's own tools: what it runs, a test, and the ways to change it. */
export function CustomDetails({ tool, onDeleted }: CustomDetailsProps) {
  const { tools: words, ui } = useTexts();
  const format = useFormat();
  const caller = useCaller();
  const remove = useAction("tools.custom.delete");
  const [open, setOpen] = useState<"edit" | "delete">();
  const { name, description, command, enabled, effect, env_keys, requires, timeout_seconds, working_dir } = tool;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="grid gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <Status tone={enabled ? "good" : "idle"} className="mr-auto">
            {enabled ? words.on : words.off}
          </Status>
          {hasRole(caller, "admin") && (
            <>
              <Button size="sm" icon={Pencil} onClick={() => setOpen("edit")}>
                {words.edit}
              </Button>
              <Button size="sm" icon={Trash2} onClick={() => setOpen("delete")}>
                {ui.delete}
              </Button>
            </>
          )}
        </div>
        {description && <p className="max-w-[72ch] whitespace-pre-wrap">{description}</p>}
        <CodeBlock code={command} wrap />
      </div>
      <Facts
        items={[
          { label: words.effect, value: words.effects[effect] },
          { label: words.timeout, value: format.duration(timeout_seconds * SECOND) },
          { label: words.workingDir, value: working_dir ?? words.workspace },
          { label: words.env, value: env_keys.join(", ") || ui.none },
          { label: words.requires, value: requires.join(", ") || ui.none },
          { label: words.createdBy, value: tool.created_by },
          { label: words.updated, value: <TimeText iso={tool.updated_at} /> },
        ]}
      />
      <Section title={words.takes}>
        <CodeBlock code={formatObject(tool.parameters)} maxHeight="16rem" />
      </Section>
      {enabled && hasRole(caller, "operator") && <ToolTest tool={name} parameters={tool.parameters} />}
      {open === "edit" && <CustomDialog tool={tool} onClose={() => setOpen(undefined)} />}
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={() => setOpen(undefined)}
        title={words.deleteTitle(name)}
        loses={words.deleteToolLoses}
        name={name}
        action={ui.delete}
        onConfirm={async () => {
          await remove.mutateAsync({ id: tool.id });
          onDeleted();
        }}
      />
    </div>
  );
}
