/** Starts the console in the page that `hookpool serve` sends under /console/. */
import { render } from 'preact';
import { App } from './app.tsx';
import './styles/page.css';
import './styles/parts.css';

const place = document.getElementById('console');
if (place !== null) render(<App />, place);
