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

/** Reads the theme of an element, to apply it to an element elsewhere in the document. */
export function themeOf(element: Element | null): Theme {
  if (!element) return {};
  const style = getComputedStyle(element);
  const entries = [...themeVariables, ...inherited].map((name) => [name, style.getPropertyValue(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Applies that theme to an element. The Content-Security-Policy does not restrict styles that a script sets like this. */
export function applyTheme(element: HTMLElement, theme: Theme): void {
  for (const [name, value] of Object.entries(theme)) element.style.setProperty(name, value);
}
