import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from './icon';

export interface MenuItem {
  readonly label: string;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/** A button that opens a menu. https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/ */
export function Menu({ label, items }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="sk-icon-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name="more" />
      </button>
      {isOpen && <MenuList label={label} items={items} button={button.current} onClose={close} />}
    </>
  );
}

interface MenuListProps extends MenuProps {
  readonly button: HTMLButtonElement | null;
  /** @param focus whether the button gets the focus. */
  readonly onClose: (focus: boolean) => void;
}

function MenuList({ label, items, button, onClose }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!list.current || !button) return;
    // In the top layer, no box around the list can cut the menu off.
    list.current.showPopover?.();
    putBeside(list.current, button);
    list.current.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [button]);
  useEffect(() => {
    const leave = (event: Event) => {
      if (!(event.target instanceof Node && (list.current?.contains(event.target) || button?.contains(event.target)))) {
        onClose(false);
      }
    };
    const move = () => list.current && button && putBeside(list.current, button);
    const listeners = [
      ['pointerdown', leave],
      ['focusin', leave],
      ['scroll', move],
      ['resize', move],
    ] as const;
    for (const [name, listener] of listeners) window.addEventListener(name, listener, true);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener, true);
    };
  }, [button, onClose]);
  const onKeyDown = (event: KeyboardEvent) => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const current = entries.indexOf(event.target as HTMLElement);
    const next = {
      ArrowDown: (current + 1) % entries.length,
      ArrowUp: (current - 1 + entries.length) % entries.length,
      Home: 0,
      End: entries.length - 1,
    }[event.key];
    const named = (entry: HTMLElement) => entry.textContent?.toLowerCase().startsWith(event.key.toLowerCase());
    const target = next ?? (event.key.length === 1 ? entries.findIndex(named) : -1);
    if (event.key === 'Escape' || event.key === 'Tab') onClose(true);
    if (event.key === 'Escape' || target >= 0) event.preventDefault();
    entries[target]?.focus();
  };
  return (
    <div ref={list} className="sk-menu" popover="manual" role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={item.danger ? 'sk-menu-item sk-danger-text' : 'sk-menu-item'}
          onClick={() => {
            onClose(true);
            item.onSelect();
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}

/** Puts a menu below the button, or above it if there is no room, at the side where the text of a line ends. */
function putBeside(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const rightToLeft = getComputedStyle(button).direction === 'rtl';
  const left = rightToLeft ? anchor.left : anchor.right - width;
  const top = anchor.bottom + 4 + height > clientHeight ? anchor.top - height - 4 : anchor.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(left, clientWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}
