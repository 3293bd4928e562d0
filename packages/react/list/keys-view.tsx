import { useEffect, useRef, useState } from 'react';
import { Icon } from '../components/icon';
import { useToast } from '../components/toasts';
import { useKeys, useUpdateKey } from '../data/keys';
import { type OpenDialog, place } from '../data/place';
import { useSettings } from '../data/settings';
import { themeOf } from '../data/theme';
import type { NewSecret } from '../dialogs/secret-dialog';
import { showSecret } from '../dialogs/show-secret';
import { toProblem } from '../text/problem';
import type { ListedKey, Owner, RotatedKey, UpdateInput } from '../types';
import { Dialogs } from './dialogs';
import { KeyList } from './key-list';
import type { KeyAction } from './key-row';
import { OwnerSwitch } from './owner-switch';

/** The heading, the list and its dialogs. It begins where the user was before signing in again. */
export function KeysView() {
  const settings = useSettings();
  const { strings, userId, organization, onSignIn, headingLevel } = settings;
  const Heading = `h${headingLevel}` as const;
  const [start] = useState(() => place.read(userId));
  const [chosen, setOwner] = useState<Owner>(start?.owner ?? 'user');
  const [dialog, setDialog] = useState<OpenDialog | undefined>(start?.dialog);
  const owner = organization ? chosen : 'user';
  const list = useKeys(owner);
  const update = useUpdateKey(owner);
  const toast = useToast();
  const heading = useRef<HTMLHeadingElement>(null);
  const createButton = useRef<HTMLButtonElement>(null);
  const canManage = owner === 'user' || organization?.canManage !== false;

  // The menu button that would get the focus back is removed with the row of a revoked key.
  const rowIsGone = useRef(false);
  useEffect(() => {
    if (dialog || !rowIsGone.current) return;
    rowIsGone.current = false;
    heading.current?.focus();
  }, [dialog]);

  const close = () => {
    place.forget();
    setDialog(undefined);
  };
  /** Reads the look before the request: the component may be gone when the secret arrives. */
  const secretDialog = () => {
    const theme = themeOf(heading.current?.closest('.satori-keys') ?? null);
    return (shown: NewSecret, message: string) =>
      showSecret(shown, settings, theme, () => {
        createButton.current?.focus();
        toast({ message });
      });
  };
  const change = (input: UpdateInput, message: string, undo?: UpdateInput) =>
    update.mutateAsync(input).then(
      () => toast({ message, ...(undo && { undo: () => void change(undo, strings.didUndo) }) }),
      (error) => toast({ message: toProblem(error, strings).message }),
    );
  const onAction = (action: KeyAction, { id, name, enabled }: ListedKey) => {
    if (action !== 'toggle') return setDialog({ kind: action, id });
    const message = enabled ? strings.didDisable(name) : strings.didEnable(name);
    void change({ id, enabled: !enabled }, message, { id, enabled });
  };
  const signIn =
    onSignIn &&
    (() => {
      place.write(userId, owner, dialog);
      onSignIn();
    });
  return (
    <>
      <header className="sk-header">
        <div className="sk-header-text">
          <Heading className="sk-title" ref={heading} tabIndex={-1} data-heading>
            {strings.title}
          </Heading>
          <p className="sk-muted">
            {owner === 'organization' ? strings.introOrganization(organization?.name ?? '') : strings.intro}
          </p>
        </div>
        {canManage && (
          <button
            ref={createButton}
            type="button"
            className="sk-button sk-primary"
            onClick={() => setDialog({ kind: 'create' })}
          >
            <Icon name="plus" />
            {strings.create}
          </button>
        )}
      </header>
      <OwnerSwitch owner={owner} onChange={setOwner} />
      {!canManage && <p className="sk-note">{strings.viewOnly}</p>}
      <KeyList key={owner} list={list} canManage={canManage} onAction={onAction} onSignIn={signIn} />
      <Dialogs
        owner={owner}
        dialog={dialog}
        keys={list.keys}
        onDraft={(draft) => {
          setDialog({ kind: 'create', draft });
          place.write(userId, owner, { kind: 'create', draft });
        }}
        onCreate={() => {
          const show = secretDialog();
          return ({ name, secret }) => {
            close();
            show({ keyName: name, secret }, strings.didCreate(name));
          };
        }}
        onRotate={({ name }) => {
          const show = secretDialog();
          return (rotated) => {
            close();
            const shown = { keyName: name, secret: rotated.secret, oldSecret: oldSecretIn(rotated) };
            show(shown, strings.didRotate(name));
          };
        }}
        onEdited={({ id, name, description, scopes }) => {
          close();
          const before = { id, description: description ?? '', scopes };
          toast({ message: strings.didEdit(name), undo: () => void change(before, strings.didUndo) });
        }}
        onRevoked={({ name }) => {
          close();
          toast({ message: strings.didRevoke(name) });
          rowIsGone.current = true;
        }}
        onSignIn={signIn}
        onClose={close}
      />
    </>
  );

  function oldSecretIn({ previousSecret: { gracePeriodSeconds } }: RotatedKey): string {
    return gracePeriodSeconds === 0 ? strings.oldSecretEnded : strings.inGraceHint(strings.period(gracePeriodSeconds));
  }
}
