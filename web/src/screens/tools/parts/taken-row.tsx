import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";

interface TakenRowProps {
  /** From whom it was taken. */
  readonly whom: string;
  readonly onUndo: () => void;
}

/** Stands in the place of a grant that was just taken away. A toast could not be reached beside an open drawer. */
export function TakenRow({ whom, onUndo }: TakenRowProps) {
  const { tools: words, ui } = useTexts();
  return (
    <li role="status" className="flex min-h-11 items-center gap-3 border-line border-b last:border-0">
      <span className="min-w-0 flex-1 truncate text-soft">{words.revoked(whom)}</span>
      <Button size="sm" onClick={onUndo}>
        {ui.undo}
      </Button>
    </li>
  );
}
