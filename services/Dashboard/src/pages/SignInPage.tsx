import { useState } from 'react';
import { problem, request } from '../api/client';
import { signIn } from '../api/token';
import { Button, Failure } from '../parts/Basics';

/** The API asks for a token: it is kept by this tab and nowhere else. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [value, setValue] = useState('');
  const [error, setError] = useState<unknown>();

  const submit = async (): Promise<void> => {
    setError(undefined);
    const token = value.trim();
    try {
      const response = await request('/api/server', { headers: { Authorization: `Bearer ${token}` } });
      if (!response.ok) throw await problem(response);
      signIn(token);
      onSignedIn();
    } catch (e) {
      setError(e);
    }
  };

  return (
    <main className="sign-in">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        <img src="/beam.svg" alt="" width="40" height="40" />
        <h1>Holoflow</h1>
        <p className="dim">This server asks for an API token.</p>
        <label>
          Token
          <input type="password" autoComplete="off" autoFocus value={value} onChange={(e) => setValue(e.target.value)} />
        </label>
        {error !== undefined && <Failure error={error} />}
        <Button type="submit" className="primary" disabled={value.trim() === ''}>
          Sign in
        </Button>
        <p className="dim">The token is kept by this tab until it is closed.</p>
      </form>
    </main>
  );
}
