/** The frame of the console: navigation, login, and the page that the address names. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { hrefOf, type Route } from './address.ts';
import { pages } from './pages.ts';
import { Failure } from './parts/failure.tsx';
import { Login } from './parts/login.tsx';
import { route } from './route.ts';
import { chooseTenant, loginNeeded, signOut, tenant, token } from './session.ts';

export function App() {
  const now = route.value;
  const [first = ''] = now.path;
  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the page
      </button>
      <header class="bar">
        <strong class="brand">hookpool</strong>
        <nav aria-label="Pages">
          {pages
            .filter(({ title }) => title !== '')
            .map(({ name, title }) => (
              <a href={hrefOf([name])} aria-current={name === first ? 'page' : undefined}>
                {title}
              </a>
            ))}
        </nav>
        <label>
          Tenant{' '}
          <input
            class="tenant"
            value={tenant.value}
            placeholder="default"
            maxLength={64}
            onChange={({ currentTarget }) => chooseTenant(currentTarget.value)}
          />
        </label>
        {token.value !== '' && (
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {loginNeeded.value ? <Login /> : <Page key={tenant.value} now={now} />}
      </main>
    </>
  );
}

/** No link to #main: the part of the address behind # names the page. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}

/** Loads the code of a page when it is opened first. */
function Page({ now }: { now: Route }) {
  const [name = ''] = now.path;
  const page = pages.find((one) => one.name === name);
  const [loaded, setLoaded] = useState<{ name: string; View: ComponentType<{ route: Route }> }>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    document.title = page === undefined ? 'hookpool' : `${page.title || page.name} – hookpool`;
    setFailed(false);
    let left = false;
    page?.load().then(
      (View) => left || setLoaded({ name, View }),
      () => left || setFailed(true),
    );
    return () => {
      left = true;
    };
  }, [name]);
  if (page === undefined) return <p>There is no page of this name.</p>;
  if (failed) {
    const text = 'The code of this page did not arrive. Reload the page.';
    return <Failure title="This page cannot be shown" message={text} />;
  }
  if (loaded?.name !== name) return <p aria-live="polite">Loading …</p>;
  return <loaded.View route={now} />;
}
