import { CalendarDays } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { type Period, toDay, type UsageFilter } from "#web/screens/usage/period.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Popover } from "#web/ui/popover.tsx";

interface OwnDatesProps {
  readonly period: Period;
  readonly onChange: (change: UsageFilter) => void;
}

/** Asks for the first and the last day of a stretch of time. */
export function OwnDates({ period, onChange }: OwnDatesProps) {
  const { usage: words } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const first = toDay(new Date(period.begin));
  const last = toDay(new Date(period.end - 1));

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [from = "", to = ""] = [fields.get("from"), fields.get("to")].map(String).sort();
    if (from === "" || to === "") return;
    onChange({ from, to, period: "" });
    setIsOpen(false);
  }

  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button icon={CalendarDays} aria-pressed={period.name === "own"}>
          {words.ownDates}
        </Button>
      }
    >
      <form key={`${first} ${last}`} onSubmit={send} className="grid gap-3">
        <Field label={words.firstDay}>
          <TextInput type="date" name="from" defaultValue={first} required />
        </Field>
        <Field label={words.lastDay}>
          <TextInput type="date" name="to" defaultValue={last} required />
        </Field>
        <Button type="submit" variant="primary">
          {words.show}
        </Button>
      </form>
    </Popover>
  );
}
