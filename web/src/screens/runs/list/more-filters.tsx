import { ListFilter } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { RunFilter } from "#web/screens/runs/list/run-filter.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Popover } from "#web/ui/popover.tsx";

interface MoreFiltersProps {
  readonly filter: RunFilter;
  readonly onChange: (change: RunFilter) => void;
}

/** Filters that are needed now and then: the tool that was called, and the door. */
export function MoreFilters({ filter: { tool = "", channel = "" }, onChange }: MoreFiltersProps) {
  const { runs: words } = useTexts();
  const tools = useCall("tools.builtin.list", {});
  const names = (tools.data?.tools ?? []).map(({ name }) => name);
  return (
    <Popover trigger={<Button icon={ListFilter}>{words.moreFilters}</Button>}>
      <div className="grid gap-3">
        <Field label={words.tool} hint={words.toolHint}>
          <Combobox
            value={tool}
            onValueChange={(value) => onChange({ tool: value })}
            allowsOther
            options={[{ value: "", label: words.anyTool }, ...names.map((name) => ({ value: name, label: name }))]}
          />
        </Field>
        <Field label={words.door}>
          <Combobox
            value={channel}
            onValueChange={(value) => onChange({ channel: value })}
            allowsOther
            options={[
              { value: "", label: words.anyDoor },
              ...Object.entries(words.doors).map(([value, label]) => ({ value, label })),
            ]}
          />
        </Field>
      </div>
    </Popover>
  );
}
