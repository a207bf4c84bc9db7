import { Check, Copy } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { useCopy } from "#web/ui/hooks/use-copy.ts";

interface CopyButtonProps {
  readonly text: string;
  /** Says what is copied, where several stand together. */
  readonly label?: string;
  readonly className?: string;
}

/** Use beside what people carry elsewhere: addresses, keys, commands. */
export function CopyButton({ text, label, className }: CopyButtonProps) {
  const texts = useTexts().ui;
  const { isCopied, copy } = useCopy(text);
  return (
    <>
      <IconButton
        label={isCopied ? texts.copied : (label ?? texts.copy)}
        icon={isCopied ? Check : Copy}
        size="sm"
        className={className}
        onClick={copy}
      />
      <span role="status" className="sr-only">
        {isCopied && texts.copied}
      </span>
    </>
  );
}
