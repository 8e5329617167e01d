import { useState } from 'react';

const longest = 400;

/** Characters that would turn the text around them, or be obeyed: they are shown as what they are. */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u200b-\u200d\u2028\u2029]/g;

export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\u27e8${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });
}

/** Text that somebody else wrote: it stands for itself, keeps its direction to itself, and has an end. */
export function Text({ children, limit = longest }: { children: string; limit?: number }) {
  const cut = children.length > limit;
  return (
    <bdi className="text" title={cut ? `${visible(children.slice(0, limit))}…` : undefined}>
      {visible(cut ? children.slice(0, limit) : children)}
      {cut ? '…' : ''}
    </bdi>
  );
}

/** Text of any length over many lines; what is too long for a page opens by steps. */
export function LongText({ children, limit = 4000 }: { children: string; limit?: number }) {
  const [shown, setShown] = useState(limit);
  return (
    <>
      <pre className="long-text">
        <bdi>{visible(children.slice(0, shown)).replaceAll('\u240a', '\n')}</bdi>
      </pre>
      {children.length > shown && (
        <button type="button" className="quiet" onClick={() => setShown((n) => n * 8)}>
          Show more of {children.length.toLocaleString('en-GB')} characters
        </button>
      )}
    </>
  );
}
