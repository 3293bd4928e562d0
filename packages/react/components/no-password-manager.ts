/**
 * Attributes of each input. They ask browsers and password managers to neither save nor fill it: the names of keys and
 * their secrets are not logins. 1Password, LastPass, Bitwarden and Dashlane each have their own attribute.
 */
export const noPasswordManager = {
  autoComplete: 'off',
  'data-1p-ignore': '',
  'data-lpignore': 'true',
  'data-bwignore': '',
  'data-form-type': 'other',
} as const;
