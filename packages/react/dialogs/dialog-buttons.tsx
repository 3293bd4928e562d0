import { useSettings } from '../data/settings';

export interface DialogButtonsProps {
  /** What the main button does. */
  readonly label: string;
  readonly isPending: boolean;
  readonly disabled?: boolean | undefined;
  readonly danger?: boolean;
  readonly onCancel: () => void;
  /** Without it, the main button sends the form. */
  readonly onConfirm?: () => void;
}

/** The buttons at the end of a dialog. */
export function DialogButtons({ label, isPending, disabled, danger, onCancel, onConfirm }: DialogButtonsProps) {
  const { strings } = useSettings();
  return (
    <footer className="sk-buttons">
      <button
        type="button"
        className="sk-button sk-secondary"
        data-focus={danger || undefined}
        disabled={isPending}
        onClick={onCancel}
      >
        {strings.cancel}
      </button>
      <button
        type={onConfirm ? 'button' : 'submit'}
        className={`sk-button ${danger ? 'sk-danger' : 'sk-primary'}`}
        disabled={isPending || disabled}
        onClick={onConfirm}
      >
        {label}
      </button>
    </footer>
  );
}
