import { Field } from '../components/field';
import { noPasswordManager } from '../components/no-password-manager';
import { useSettings } from '../data/settings';

/** The service's limit, in code points. */
const maxLength = 255;

export const isTooLong = (description: string): boolean => [...description.trim()].length > maxLength;

export interface DescriptionFieldProps {
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
  readonly focus?: boolean;
}

export function DescriptionField({ value, error, onChange, focus }: DescriptionFieldProps) {
  const { strings } = useSettings();
  return (
    <Field label={strings.description} optional error={isTooLong(value) ? strings.descriptionTooLong : error}>
      {(ids) => (
        <textarea
          {...ids}
          className="sk-input"
          rows={2}
          dir="auto"
          data-focus={focus || undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          {...noPasswordManager}
        />
      )}
    </Field>
  );
}
