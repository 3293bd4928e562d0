import { useEffect, useState } from 'react';

/** How long the button shows the result of a click, in ms. */
const resultDuration = 3_000;

const resultLabels = { copied: 'Copied', failed: 'Select and copy manually' };

export interface CopyButtonProps {
  readonly label: string;
  readonly text: string;
  /** Called after the text has been copied to the clipboard. */
  readonly onCopied?: () => void;
}

/** Copies a text to the clipboard and shows whether that succeeded. */
export function CopyButton({ label, text, onCopied }: CopyButtonProps) {
  const [result, setResult] = useState<keyof typeof resultLabels>();
  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), resultDuration);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
      onCopied?.();
    } catch {
      // The browser denied clipboard access, or the page is not in a secure context.
      setResult('failed');
    }
  };
  return (
    <button type="button" className="secondary" onClick={copy}>
      <span aria-live="polite">{result ? resultLabels[result] : label}</span>
    </button>
  );
}
