/** Asks for a token. It is kept until the tab is closed, and sent to this server alone. */
import { useState } from 'preact/hooks';
import { signIn, token } from '../session.ts';

export function Login() {
  const [text, setText] = useState('');
  return (
    <form
      class="login"
      onSubmit={(event) => {
        event.preventDefault();
        signIn(text);
      }}
    >
      <h1>Sign in</h1>
      {token.value !== '' && <p role="alert">The server does not know this token.</p>}
      <label>
        Token
        <input
          type="password"
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <p class="hint">
        A token of the server's list (--tokens). The console needs the role view for records, admin
        for changes.
      </p>
      <button type="submit" disabled={text.trim() === ''}>
        Sign in
      </button>
    </form>
  );
}
