import { useId, useState } from 'react';
import { CopyButton } from '../components/copy-button';
import { Tabs } from '../components/tabs';
import { type Settings, useSettings } from '../data/settings';
import { explained } from '../text/connection';
import { toProblem } from '../text/problem';
import { snippetsFor } from '../text/snippets';

export interface UseItProps {
  readonly secret: string;
  /** The secret as it is displayed. */
  readonly shown: string;
  readonly saved: boolean;
}

/** Code that uses a new secret, and a call that tests it once it is saved. */
export function UseIt({ secret, shown, saved }: UseItProps) {
  const settings = useSettings();
  const { apiUrl, strings } = settings;
  const [result, setResult] = useState<'pending' | { readonly works: boolean; readonly text: string }>();
  const id = useId();
  const displayed = snippetsFor(apiUrl, shown);
  const tabs = snippetsFor(apiUrl, secret).map(({ language, code }, index) => ({
    name: language,
    content: (
      <div className="sk-snippet">
        <pre className="sk-code" dir="ltr">
          <code>{displayed[index]?.code}</code>
        </pre>
        <CopyButton label={strings.copy} name={strings.copySnippet(language)} text={code} />
      </div>
    ),
  }));
  const test = async () => {
    setResult('pending');
    setResult(await callWhoami(secret, settings));
  };
  return (
    <section className="sk-use" aria-labelledby={id}>
      <h3 className="sk-subtitle" id={id}>
        {strings.useIt}
      </h3>
      <Tabs label={strings.useIt} tabs={tabs} />
      <div className="sk-test">
        <button
          type="button"
          className="sk-button sk-secondary"
          disabled={!saved || result === 'pending'}
          onClick={test}
        >
          {strings.test}
        </button>
        <p className="sk-hint" role="status">
          {result === 'pending' && strings.testing}
          {typeof result === 'object' && (
            <span className={result.works ? 'sk-success' : 'sk-error'}>{result.text}</span>
          )}
          {!result && (saved ? strings.testHint : strings.testFirst)}
        </p>
      </div>
    </section>
  );
}

/** Calls `keys.whoami` as a program would, without the session. */
async function callWhoami(secret: string, { apiUrl, strings }: Settings) {
  const startedAt = performance.now();
  try {
    const call = fetch(`${apiUrl}/trpc/keys.whoami`, { headers: { 'x-api-key': secret }, cache: 'no-store' });
    const response = await explained(call, apiUrl);
    const { status } = response;
    if (response.ok) return { works: true, text: strings.testPassed(Math.round(performance.now() - startedAt)) };
    if (status === 401) return { works: false, text: strings.testRefused };
    return { works: false, text: toProblem({ meta: { response } }, strings).message };
  } catch (error) {
    return { works: false, text: toProblem(error, strings).message };
  }
}
