/** The list of evaluations. */
import type { Route } from '../route.ts';

export function Evaluations({ route }: { route: Route }) {
  return <h1>Evaluations {route.query.get('q')}</h1>;
}
