import * as Tabs from '@radix-ui/react-tabs';
import { useMutation } from '@tanstack/react-query';
import { createKeyClient } from '../api';
import { CopyButton } from '../parts/copy-button';
import { apiUrl } from '../settings';
import { problemOf } from '../words/problem';
import { snippetsFor } from '../words/snippets';

/** Calls with the key, and gives the same call to take along. */
export function TryIt({ secret }: { secret: string }) {
  const { curl, typescript } = snippetsFor(apiUrl, secret);
  const call = useMutation({ mutationFn: () => callWhoami(secret), gcTime: 0 });
  return (
    <section className="try-it" aria-label="Try it">
      <div className="buttons start">
        <button type="button" className="secondary" disabled={call.isPending} onClick={() => call.mutate()}>
          Try it
        </button>
        <span className="quiet">calls keys.whoami with this key</span>
      </div>
      <div aria-live="polite">
        {call.data && (
          <pre>
            {`GET /trpc/keys.whoami\nx-api-key: ${secret.slice(0, 14)}…\n\n`}
            <strong>{call.data.status ?? 'No answer'}</strong>
            {` in ${call.data.milliseconds} ms\n${call.data.answer}`}
          </pre>
        )}
      </div>
      <Tabs.Root defaultValue="curl">
        <Tabs.List aria-label="The same call as code">
          <Tabs.Trigger value="curl">curl</Tabs.Trigger>
          <Tabs.Trigger value="typescript">TypeScript</Tabs.Trigger>
        </Tabs.List>
        <Snippet value="curl" label="Copy curl" code={curl} />
        <Snippet value="typescript" label="Copy TypeScript" code={typescript} />
      </Tabs.Root>
    </section>
  );
}

function Snippet({ value, label, code }: { value: string; label: string; code: string }) {
  return (
    <Tabs.Content value={value} className="snippet">
      <pre>{code}</pre>
      <CopyButton label={label} text={code} />
    </Tabs.Content>
  );
}

interface Outcome {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly answer: string;
}

async function callWhoami(secret: string): Promise<Outcome> {
  let status: number | undefined;
  const client = createKeyClient(secret, (answered) => {
    status = answered;
  });
  const startedAt = performance.now();
  const answer = await client.keys.whoami.query().then(
    (key) => JSON.stringify(key, null, 2),
    (error) => (status === 401 ? 'The service refuses this key.' : problemOf(error).sentence),
  );
  return { status, milliseconds: Math.round(performance.now() - startedAt), answer };
}
