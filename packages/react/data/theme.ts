/** The CSS variables that a host can set: docs/console.md. */
export const themeVariables = [
  'background',
  'surface',
  'inset',
  'text',
  'muted',
  'border',
  'accent',
  'accent-hover',
  'on-accent',
  'danger',
  'warning',
  'success',
  'radius',
  'mono',
].map((name) => `--satori-keys-${name}`);

const inherited = ['color-scheme', 'font-family', 'font-size', 'direction'];

export type Theme = Readonly<Record<string, string>>;

/** Reads the look of an element, to give it to one elsewhere in the document. */
export function themeOf(element: Element | null): Theme {
  if (!element) return {};
  const style = getComputedStyle(element);
  const entries = [...themeVariables, ...inherited].map((name) => [name, style.getPropertyValue(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Gives an element that look. Styles that a script sets need no permission of the Content-Security-Policy. */
export function applyTheme(element: HTMLElement, theme: Theme): void {
  for (const [name, value] of Object.entries(theme)) element.style.setProperty(name, value);
}
