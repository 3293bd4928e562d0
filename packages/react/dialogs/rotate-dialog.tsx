import { useId, useRef, useState } from 'react';
import { Dialog } from '../components/dialog';
import { HideSecret } from '../components/hide-secret';
import { noPasswordManager } from '../components/no-password-manager';
import { ProblemAlert } from '../components/problem-alert';
import { useRotateKey } from '../data/keys';
import { useSettings } from '../data/settings';
import { useProblem } from '../data/use-problem';
import type { ListedKey, Owner, RotatedKey } from '../types';
import { DialogButtons } from './dialog-buttons';

/** The grace periods that are offered, in hours. The service allows 24. */
const choices = [24, 1, 0] as const;

export interface RotateDialogProps {
  readonly owner: Owner;
  readonly rotated: ListedKey;
  /** Called before the request. Its result is called with the new secret, also if the session has ended by then. */
  readonly onSubmit: () => (result: RotatedKey) => void;
  readonly onSignIn: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Asks how long the old secret works, and gives the key a new one. */
export function RotateDialog({ owner, rotated, onSubmit, onSignIn, onClose }: RotateDialogProps) {
  const { strings } = useSettings();
  const [hours, setHours] = useState<number>(24);
  const rotate = useRotateKey(owner);
  const problem = useProblem(rotate.error);
  const sending = useRef(false);
  const id = useId();
  const send = () => {
    if (sending.current || problem?.waiting) return;
    sending.current = true;
    const onRotated = onSubmit();
    rotate
      .mutateAsync({ id: rotated.id, gracePeriodSeconds: hours * 3600 })
      .then(onRotated, () => {})
      .finally(() => {
        sending.current = false;
      });
  };
  return (
    <Dialog
      title={strings.rotateTitle(rotated.name)}
      description={strings.rotateText}
      dismissible={!rotate.isPending}
      onClose={onClose}
    >
      <form
        className="sk-form"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <fieldset className="sk-field sk-group">
          <legend className="sk-label">{strings.oldSecret}</legend>
          <div className="sk-choices">
            {choices.map((choice) => (
              <div className="sk-choice" key={choice}>
                <input
                  type="radio"
                  className="sk-check"
                  id={`${id}${choice}`}
                  name={`${id}grace`}
                  aria-describedby={`${id}${choice}h`}
                  data-focus={hours === choice || undefined}
                  checked={hours === choice}
                  onChange={() => setHours(choice)}
                  {...noPasswordManager}
                />
                <div>
                  <label className="sk-choice-label" htmlFor={`${id}${choice}`}>
                    {choice === 0 ? strings.graceNow : strings.grace(strings.period(choice * 3600))}
                  </label>
                  <p className="sk-hint" id={`${id}${choice}h`}>
                    {choice === 0 ? strings.graceNowHint : strings.graceHint}
                  </p>
                </div>
              </div>
            ))}
          </div>
        </fieldset>
        <ProblemAlert problem={problem} onSignIn={onSignIn} />
        <HideSecret />
        <DialogButtons
          label={rotate.isPending ? strings.rotating : strings.rotate}
          isPending={rotate.isPending}
          disabled={problem?.waiting}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
