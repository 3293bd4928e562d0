import * as Dialog from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';

export interface ModalProps {
  readonly title: string;
  readonly description: ReactNode;
  /** False keeps Escape and a click outside from closing it. */
  readonly dismissible?: boolean;
  readonly wide?: boolean;
  readonly onClose: () => void;
  /** Puts the focus somewhere once it is closed. */
  readonly focusAfterwards: () => void;
  readonly children: ReactNode;
}

/** A dialog over the page, which waits until it is closed. */
export function Modal({
  title,
  description,
  dismissible = true,
  wide = false,
  onClose,
  focusAfterwards,
  children,
}: ModalProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && dismissible && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className={wide ? 'dialog wide' : 'dialog'}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusAfterwards();
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
