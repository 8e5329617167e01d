import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../parts/Basics';
import { rooms } from './Shell';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** g and a letter goes to a page, / to its search, ? shows this. */
export function Keys() {
  const [, go] = useLocation();
  const [shown, setShown] = useState(false);

  useEffect(() => {
    let goes = 0;
    const onKey = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target) || document.querySelector('dialog[open]') !== null) return;
      if (e.key === '?') setShown(true);
      else if (e.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type=search]');
        if (search !== null) {
          e.preventDefault();
          search.focus();
        }
      } else if (e.key === 'g') goes = Date.now();
      else if (Date.now() - goes < 1500) {
        const room = rooms.find((r) => r.key === e.key);
        goes = 0;
        if (room !== undefined) go(room.path);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [go]);

  if (!shown) return null;
  return (
    <Dialog title="Keys" onClose={() => setShown(false)}>
      <dl className="keys">
        {rooms.map((r) => (
          <div key={r.path}>
            <dt>
              <kbd>g</kbd> <kbd>{r.key}</kbd>
            </dt>
            <dd>{r.name}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Search on this page</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>These keys</dd>
        </div>
      </dl>
    </Dialog>
  );
}
