import { useEffect, useState } from 'react';

/** How long a button says that it has copied, in ms. */
const saidFor = 3_000;

export interface CopyButtonProps {
  readonly label: string;
  readonly text: string;
  /** Called once the text is in the clipboard. */
  readonly onCopied?: () => void;
}

/** Puts a text into the clipboard and says whether it is there. */
export function CopyButton({ label, text, onCopied }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), saidFor);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
      onCopied?.();
    } catch {
      // Not allowed, or no secure origin: the text can still be selected.
      setOutcome('refused');
    }
  };
  const said = { copied: 'Copied', refused: 'Select it and copy by hand' };
  return (
    <button type="button" className="secondary" onClick={copy}>
      <span aria-live="polite">{outcome ? said[outcome] : label}</span>
    </button>
  );
}
