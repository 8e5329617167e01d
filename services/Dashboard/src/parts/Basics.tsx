import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Icon, type IconName } from './Icon';
import { visible } from './Text';

export function PageHead({ title, children, under }: { title: ReactNode; children?: ReactNode; under?: ReactNode }) {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {under !== undefined && <div className="under">{under}</div>}
      </div>
      {children !== undefined && <div className="actions">{children}</div>}
    </header>
  );
}

export function Card({ title, aside, children, className = '' }: { title?: ReactNode; aside?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`card ${className}`}>
      {title !== undefined && (
        <div className="card-head">
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** Nothing is here: why, and what to type next. */
export function Empty({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {command !== undefined && (
        <p>
          <code>{command}</code>
        </p>
      )}
    </div>
  );
}

export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="hidden">Loading</span>
      <span />
      <span />
      <span />
    </div>
  );
}

export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const text = error instanceof Error ? error.message : String(error);
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  return (
    <div className="failure" role="alert">
      <Icon name="cross" />
      <div>
        <strong>{error instanceof ApiError ? error.title : 'Something went wrong'}</strong>
        <p>{visible(text)}</p>
        {fields.length > 1 && (
          <ul>
            {fields.map(([field, messages]) => (
              <li key={field}>
                {visible(field)}: {visible(messages.join('; '))}
              </li>
            ))}
          </ul>
        )}
      </div>
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What a query has to say: the failure, the wait, or what was read. */
export function Answered<T>({ query, children }: { query: { data: T | undefined; error: unknown; refetch: () => unknown }; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null && query.error !== undefined) return <Failure error={query.error} again={() => void query.refetch()} />;
  return <Loading />;
}

export function Button({ icon, children, ...rest }: { icon?: IconName; children?: ReactNode } & React.ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" {...rest}>
      {icon !== undefined && <Icon name={icon} size={15} />}
      {children}
    </button>
  );
}

export function Progress({ fraction, label }: { fraction?: number | undefined; label: string }) {
  const percent = fraction === undefined ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <span className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...(percent === undefined ? {} : { 'aria-valuenow': percent })}>
      <span className={percent === undefined ? 'unknown' : ''} style={{ width: percent === undefined ? '30%' : `${percent}%` }} />
    </span>
  );
}

/** A dialog of the browser's own: it keeps the focus and closes by Escape. */
export function Dialog({ title, onClose, children, wide = false }: { title: string; onClose: () => void; children: ReactNode; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed while it still is in the page, it gives the focus back to what opened it.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'wide' : ''}
      aria-label={title}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => {
        if (e.target === dialog.current) onClose();
      }}
    >
      <div className="dialog-body">
        <div className="card-head">
          <h2>{title}</h2>
          <button type="button" className="quiet icon-only" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

export function Tags({ tags }: { tags: string[] }) {
  return (
    <>
      {tags.map((tag) => (
        <span key={tag} className="tag">
          <bdi>{visible(tag.length > 60 ? `${tag.slice(0, 60)}…` : tag)}</bdi>
        </span>
      ))}
    </>
  );
}

export function Facts({ facts }: { facts: (readonly [string, ReactNode] | undefined | false)[] }) {
  return (
    <dl className="facts">
      {facts.map(
        (fact) =>
          fact !== undefined &&
          fact !== false && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
