import { type DragEvent, type ReactNode, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";

interface DropAreaProps {
  readonly isEnabled: boolean;
  readonly onDrop: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

/** Takes files that are dropped on its content. */
export function DropArea({ isEnabled, onDrop, children }: DropAreaProps) {
  const { knowledge: words } = useTexts();
  const [isOver, setIsOver] = useState(false);
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes("Files");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same by the keyboard
    <div
      className="relative min-h-40 min-w-0"
      onDragOver={(event) => {
        if (!isEnabled || !hasFiles(event)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)))
          setIsOver(false);
      }}
      onDrop={(event) => {
        setIsOver(false);
        if (!isEnabled || !hasFiles(event)) return;
        event.preventDefault();
        onDrop([...event.dataTransfer.files]);
      }}
    >
      {children}
      {isOver && (
        <div className="pointer-events-none absolute inset-0 z-20 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-accent-soft/80 font-medium">
          {words.dropHere}
        </div>
      )}
    </div>
  );
}
