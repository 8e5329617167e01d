import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, begin } from './app/App';
import { applyTheme } from './app/preferences';
import './look/colours.css';
import './look/base.css';
import './look/shell.css';
import './look/parts.css';
import './look/pages.css';

applyTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
// Where a page cannot be loaded, the frame says so.
await begin(location.pathname).catch(() => undefined);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
