import * as Dialog from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';

export interface ModalProps {
  readonly title: string;
  readonly description: ReactNode;
  /** If false, Escape and clicks outside the dialog do not close it. */
  readonly dismissible?: boolean;
  readonly wide?: boolean;
  readonly onClose: () => void;
  /** Moves the focus after the dialog closes. */
  readonly restoreFocus: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog. It is open as long as it is mounted. The backdrop is not Radix UI's: that one adds a <style> element,
 * which the Content-Security-Policy would have to allow with a nonce, and a static host cannot send nonces.
 */
export function Modal({
  title,
  description,
  dismissible = true,
  wide = false,
  onClose,
  restoreFocus,
  children,
}: ModalProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && dismissible && onClose()}>
      <Dialog.Portal>
        <div className="overlay" />
        <Dialog.Content
          className={wide ? 'dialog wide' : 'dialog'}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            restoreFocus();
          }}
        >
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description asChild>
            <p className="quiet">{description}</p>
          </Dialog.Description>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
