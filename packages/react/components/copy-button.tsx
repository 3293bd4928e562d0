import { useEffect, useState } from 'react';
import { useSettings } from '../data/settings';
import { Icon } from './icon';

/** How long the button shows that it copied, in ms. */
const resultDuration = 3_000;

export interface CopyButtonProps {
  /** The visible label. */
  readonly label: string;
  /** What screen readers say, if more than the label. It starts with the label. */
  readonly name?: string;
  readonly text: string;
  readonly primary?: boolean;
  /** Whether the dialog begins here. */
  readonly focus?: boolean;
  readonly onCopied?: () => void;
  readonly onFailed?: () => void;
}

/** Copies a text to the clipboard and shows that it did. */
export function CopyButton({ label, name = label, text, primary = false, focus, onCopied, onFailed }: CopyButtonProps) {
  const { strings } = useSettings();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), resultDuration);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      onCopied?.();
    } catch {
      // The browser denied clipboard access, or the page is not in a secure context.
      onFailed?.();
    }
  };
  return (
    <button
      type="button"
      className={`sk-button sk-copy ${primary ? 'sk-primary' : 'sk-secondary'}`}
      aria-label={copied ? strings.copied : name}
      data-focus={focus || undefined}
      onClick={copy}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite">{copied ? strings.copied : label}</span>
    </button>
  );
}
