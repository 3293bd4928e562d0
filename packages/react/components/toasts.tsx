import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useSettings } from '../data/settings';
import { Icon } from './icon';

/** Something that happened, and how to undo it where that is possible. */
export interface Toast {
  readonly message: string;
  readonly undo?: () => void;
}

/** How long a toast stays, in ms, unless it has the pointer or the focus. */
const duration = 8_000;

const ToastContext = createContext<(toast: Toast) => void>(() => {});

/** Returns a function that shows a toast. It replaces the one before. */
export const useToast = () => useContext(ToastContext);

/** Shows the toasts of its children, one at a time. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const { strings } = useSettings();
  const [toast, setToast] = useState<Toast>();
  const place = useRef<HTMLDivElement>(null);
  const show = useCallback((next: Toast) => setToast(next), []);
  const hide = useCallback(() => setToast(undefined), []);
  const leave = () => {
    hide();
    // The button that had the focus is gone.
    place.current?.closest('.satori-keys')?.querySelector<HTMLElement>('[data-heading]')?.focus();
  };
  useEffect(() => {
    if (!toast) return;
    const leaveUnlessHeld = () => {
      if (!place.current?.matches(':hover, :focus-within')) hide();
      else timer = setTimeout(leaveUnlessHeld, 1_000);
    };
    let timer = setTimeout(leaveUnlessHeld, duration);
    return () => clearTimeout(timer);
  }, [toast, hide]);
  return (
    <ToastContext.Provider value={show}>
      {children}
      <div ref={place} className={toast ? 'sk-toasts sk-open' : 'sk-toasts'}>
        <div role="status" className="sk-toast-status">
          {toast && <span className="sk-toast-text">{toast.message}</span>}
        </div>
        {toast && (
          <div className="sk-toast-actions">
            {toast.undo && (
              <button
                type="button"
                className="sk-button sk-link"
                onClick={() => {
                  leave();
                  toast.undo?.();
                }}
              >
                {strings.undo}
              </button>
            )}
            <button type="button" className="sk-icon-button" aria-label={strings.dismiss} onClick={leave}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </div>
    </ToastContext.Provider>
  );
}
