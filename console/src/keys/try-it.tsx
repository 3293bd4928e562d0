import * as Tabs from '@radix-ui/react-tabs';
import { useMutation } from '@tanstack/react-query';
import { createKeyClient } from '../api';
import { CopyButton } from '../components/copy-button';
import { apiUrl } from '../settings';
import { toProblem } from '../text/problem';
import { snippetsFor } from '../text/snippets';

/** Calls `keys.whoami` with the new key, and shows the same call as code. */
export function TryIt({ secret }: { secret: string }) {
  const { curl, typescript } = snippetsFor(apiUrl, secret);
  const call = useMutation({ mutationFn: () => callWhoami(secret), gcTime: 0 });
  return (
    <section className="try-it" aria-label="Try it">
      <div className="buttons start">
        <button type="button" className="secondary" disabled={call.isPending} onClick={() => call.mutate()}>
          Try it
        </button>
        <span className="muted">Call keys.whoami with this key</span>
      </div>
      <div aria-live="polite">
        {call.data && (
          <pre>
            {`GET /trpc/keys.whoami\nx-api-key: ${secret.slice(0, 14)}…\n\n`}
            <strong>{call.data.status ?? 'No response'}</strong>
            {` in ${call.data.milliseconds} ms\n${call.data.body}`}
          </pre>
        )}
      </div>
      <Tabs.Root defaultValue="curl">
        <Tabs.List aria-label="Code examples">
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

interface CallResult {
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  /** The returned key as JSON, or an error message. */
  readonly body: string;
}

async function callWhoami(secret: string): Promise<CallResult> {
  let status: number | undefined;
  const client = createKeyClient(secret, (responseStatus) => {
    status = responseStatus;
  });
  const startedAt = performance.now();
  const body = await client.keys.whoami.query().then(
    (key) => JSON.stringify(key, null, 2),
    (error) => (status === 401 ? 'The API rejected this key.' : toProblem(error).message),
  );
  return { status, milliseconds: Math.round(performance.now() - startedAt), body };
}
