import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { useSettings } from '../data/settings';
import { Icon } from './icon';

export interface DialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly role?: 'dialog' | 'alertdialog';
  readonly size?: 'small' | 'large';
  /** If false, Escape and clicks outside the dialog call `onRefuse` instead of `onClose`. Default: true. */
  readonly dismissible?: boolean;
  readonly onClose: () => void;
  readonly onRefuse?: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog, open as long as it is mounted. The `dialog` element of the browser keeps the focus inside, gives it
 * back, and stays where it is in the document, so that it has the styles and the direction of what is around it.
 */
export function Dialog(props: DialogProps) {
  const { title, description, role, size = 'small', dismissible = true, onClose, onRefuse, children } = props;
  const { strings } = useSettings();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    element.querySelector<HTMLElement>('[data-focus]')?.focus();
    // Closing gives the focus back. Removing an open dialog would not.
    return () => element.close();
  }, []);
  const leave = () => (dismissible ? onClose() : onRefuse?.());
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Browsers close a dialog on the second Escape even if the event `cancel` was prevented.
    event.preventDefault();
    event.stopPropagation();
    leave();
  };
  return (
    <dialog
      ref={dialog}
      className={`sk-dialog sk-${size}`}
      role={role}
      aria-labelledby={`${id}t`}
      aria-describedby={description ? `${id}d` : undefined}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onClose={() => {
        // The back gesture of a phone closes a dialog the second time, whatever the page says.
        if (dialog.current?.open) return;
        leave();
        if (!dismissible) dialog.current?.showModal();
      }}
      onMouseDown={(event) => event.target === dialog.current && leave()}
    >
      <div className="sk-dialog-body">
        <header className="sk-dialog-head">
          <h2 className="sk-dialog-title" id={`${id}t`} dir="auto">
            {title}
          </h2>
          {dismissible && (
            <button type="button" className="sk-icon-button" aria-label={strings.close} onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {description && (
          <p className="sk-muted" id={`${id}d`}>
            {description}
          </p>
        )}
        {children}
      </div>
    </dialog>
  );
}
