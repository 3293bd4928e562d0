/** Code that calls the API with a key. */
export interface Snippet {
  readonly language: string;
  readonly code: string;
}

/** Code that calls `keys.whoami` in several languages. Each contains the secret. @param apiUrl without a slash at the end. */
export const snippetsFor = (apiUrl: string, secret: string): readonly Snippet[] => [
  {
    language: 'curl',
    code: `curl '${apiUrl}/trpc/keys.whoami' \\
  -H 'x-api-key: ${secret}'`,
  },
  {
    language: 'TypeScript',
    code: `const response = await fetch('${apiUrl}/trpc/keys.whoami', {
  headers: { 'x-api-key': '${secret}' },
});
console.log(await response.json());`,
  },
  {
    language: 'Python',
    code: `import json
from urllib.request import Request, urlopen

request = Request(
    "${apiUrl}/trpc/keys.whoami",
    headers={"x-api-key": "${secret}"},
)
print(json.load(urlopen(request)))`,
  },
  { language: '.env', code: `SATORI_API_URL=${apiUrl}\nSATORI_API_KEY=${secret}` },
];
