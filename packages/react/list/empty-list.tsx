import { useSettings } from '../data/settings';

/** Explains in one picture what keys are for. */
export function EmptyList() {
  const { strings } = useSettings();
  return (
    <div className="sk-empty">
      <svg className="sk-picture" viewBox="0 0 360 96" role="img" aria-label={strings.emptyPicture} direction="ltr">
        <rect className="sk-box" x="1" y="13" width="112" height="70" rx="8" />
        <path className="sk-frame" d="M1 31h112" />
        <path className="sk-line" d="M12 22h.01M20 22h.01M28 22h.01" />
        <text x="57" y="61" textAnchor="middle">
          {strings.emptyProgram}
        </text>
        <path className="sk-line sk-dashes" d="M121 48h110" />
        <path className="sk-line" d="m227 42 6 6-6 6" />
        <rect className="sk-pill" x="131" y="35" width="84" height="26" rx="13" />
        <circle className="sk-ring" cx="146" cy="48" r="4.5" />
        <path className="sk-ring" d="M150.5 48h12m-3 0v4" />
        <text className="sk-pill-text" x="187" y="52" textAnchor="middle">
          sk_…
        </text>
        <rect className="sk-box" x="241" y="13" width="118" height="70" rx="8" />
        <text x="300" y="53" textAnchor="middle">
          {strings.emptyApi}
        </text>
      </svg>
      <p className="sk-subtitle">{strings.emptyTitle}</p>
      <p className="sk-muted">{strings.emptyText}</p>
    </div>
  );
}
