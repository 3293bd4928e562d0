import { Field } from '../components/field';
import { Icon } from '../components/icon';
import { noPasswordManager } from '../components/no-password-manager';
import { useSettings } from '../data/settings';
import { type Expiry, type ExpiryChoice, expiryChoices } from '../text/expiry';

export interface ExpiryFieldProps {
  readonly choice: ExpiryChoice;
  /** YYYY-MM-DD, or empty. */
  readonly date: string;
  readonly expiry: Expiry;
  /** Whether errors of the date are shown already. */
  readonly showsErrors: boolean;
  /** What the API said about it. */
  readonly error?: string | undefined;
  readonly onChange: (choice: ExpiryChoice, date: string) => void;
  readonly onLeave: () => void;
}

/** Asks when a key stops working. */
export function ExpiryField({ choice, date, expiry, showsErrors, error, onChange, onLeave }: ExpiryFieldProps) {
  const { strings, maxLifetimeDays } = useSettings();
  const labels = (option: ExpiryChoice): string => {
    if (option === 'date') return strings.expiryDate;
    if (option === 'never') return strings.expiryNever;
    return strings.expiryDays(option === 'max' ? (maxLifetimeDays ?? 0) : Number(option));
  };
  const dateError = showsErrors ? expiry.error : undefined;
  const isDate = choice === 'date';
  return (
    <>
      <Field label={strings.expiry} hint={isDate ? undefined : expiry.hint} error={isDate ? undefined : error}>
        {(ids) => (
          <div className="sk-select-box">
            <select
              {...ids}
              className="sk-input sk-select"
              value={choice}
              onChange={(event) => onChange(event.target.value as ExpiryChoice, date)}
              {...noPasswordManager}
            >
              {expiryChoices(maxLifetimeDays).map((option) => (
                <option key={option} value={option}>
                  {labels(option)}
                </option>
              ))}
            </select>
            <Icon name="down" />
          </div>
        )}
      </Field>
      {isDate && (
        <Field label={strings.date} hint={expiry.hint} error={dateError ?? error}>
          {(ids) => (
            <input
              {...ids}
              type="date"
              className="sk-input"
              value={date}
              onChange={(event) => onChange(choice, event.target.value)}
              onBlur={onLeave}
              {...noPasswordManager}
            />
          )}
        </Field>
      )}
    </>
  );
}
