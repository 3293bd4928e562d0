import { type FormEvent, useState } from 'react';
import { keyName } from '../../../lambda/keys/name';
import type { Draft } from '../data/place';
import { useSettings } from '../data/settings';
import type { CurrentProblem } from '../data/use-problem';
import { firstChoice, readExpiry } from '../text/expiry';
import { asSentence, type Field } from '../text/problem';
import type { CreateInput } from '../types';
import { isTooLong } from './description-field';

export interface CreateFormOptions {
  readonly draft: Draft | undefined;
  readonly problem: CurrentProblem | undefined;
  readonly isPending: boolean;
  /** Called on each change. */
  readonly onChange: (draft: Draft) => void;
  readonly onSubmit: (input: CreateInput) => void;
}

/**
 * The state of the create form. The name is validated with the server's schema. An error is shown once its field was
 * left or the form was sent, and then follows what is typed.
 */
export function useCreateForm({ draft: initial, problem, isPending, onChange, onSubmit }: CreateFormOptions) {
  const { strings, locale, maxLifetimeDays } = useSettings();
  const [draft, setDraft] = useState<Draft>(
    initial ?? { name: '', description: '', expiry: firstChoice(maxLifetimeDays), date: '', scopes: [] },
  );
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set());
  // What the API said about a field is no longer true once the field has changed.
  const [answered, setAnswered] = useState<{ readonly problem: CurrentProblem; readonly draft: Draft }>();
  if (problem?.field && answered?.problem.message !== problem.message) setAnswered({ problem, draft });
  const name = keyName.safeParse(draft.name);
  const expiry = readExpiry(draft.expiry, draft.date, maxLifetimeDays, { strings, locale, now: Date.now() });

  const apiError = (field: Field, value: keyof Draft) =>
    problem?.field === field && (!answered || answered.draft[value] === draft[value]) ? problem.message : undefined;
  const ownNameError = name.success ? undefined : asSentence(name.error.issues[0]?.message ?? '');
  const errors = {
    name: (left.has('name') ? ownNameError : undefined) ?? apiError('name', 'name'),
    description: apiError('description', 'description'),
    expiresAt: apiError('expiresAt', 'expiry'),
    scopes: apiError('scopes', 'scopes'),
  };

  return {
    draft,
    expiry,
    errors,
    left,
    change: (changed: Partial<Draft>) => {
      setDraft({ ...draft, ...changed });
      onChange({ ...draft, ...changed });
    },
    leave: (field: Field) => setLeft(new Set([...left, field])),
    submit: (event: FormEvent) => {
      event.preventDefault();
      setLeft(new Set(['name', 'expiresAt']));
      const { description, scopes } = draft;
      if (!name.success || expiry.error || isTooLong(description) || isPending || problem?.waiting) return;
      onSubmit({
        name: name.data,
        ...(description.trim() && { description }),
        ...(scopes.length > 0 && { scopes: [...scopes] }),
        ...(expiry.expiresAt && { expiresAt: expiry.expiresAt }),
      });
    },
  };
}
