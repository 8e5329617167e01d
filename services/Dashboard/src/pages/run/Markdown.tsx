import type { ReactNode } from 'react';
import { visible } from '../../parts/Text';
import { SafeLink } from './Artifacts';

const longest = 200_000;

/** The plain part of markdown as elements; nothing in the text is taken for HTML. */
export function Markdown({ text }: { text: string }) {
  const blocks: ReactNode[] = [];
  const lines = text.slice(0, longest).split('\n');
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? '';
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    if (line.startsWith('```')) {
      const end = lines.findIndex((other, j) => j > i && other.startsWith('```'));
      const last = end === -1 ? lines.length : end;
      blocks.push(<pre key={i}>{visible(lines.slice(i + 1, last).join('\n')).replaceAll('\u240a', '\n')}</pre>);
      i = last + 1;
    } else if (heading !== null) {
      blocks.push(<p key={i} className={`md-head md-${heading[1]?.length ?? 1}`}>{inline(heading[2] ?? '')}</p>);
      i++;
    } else if (/^\s*[-*]\s+/.test(line)) {
      const first = i;
      const items: ReactNode[] = [];
      for (; i < lines.length && /^\s*[-*]\s+/.test(lines[i] ?? ''); i++) items.push(<li key={i}>{inline((lines[i] ?? '').replace(/^\s*[-*]\s+/, ''))}</li>);
      blocks.push(<ul key={first}>{items}</ul>);
    } else if (line.trim() === '') i++;
    else {
      const first = i;
      const words: string[] = [];
      for (; i < lines.length && (lines[i] ?? '').trim() !== '' && !/^(#|```|\s*[-*]\s)/.test(lines[i] ?? ''); i++) words.push(lines[i] ?? '');
      if (i === first) words.push(lines[i++] ?? '');
      blocks.push(<p key={first}>{inline(words.join(' '))}</p>);
    }
  }
  return (
    <div className="markdown" dir="auto">
      {blocks}
    </div>
  );
}

const marks = /(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`|\[[^\]]+\]\([^)\s]+\))/g;

function inline(text: string): ReactNode[] {
  return text.split(marks).map((part, i) => {
    if (part.startsWith('**') && part.length > 4) return <strong key={i}>{visible(part.slice(2, -2))}</strong>;
    if (part.startsWith('`') && part.length > 2) return <code key={i}>{visible(part.slice(1, -1))}</code>;
    if (part.startsWith('*') && part.length > 2) return <em key={i}>{visible(part.slice(1, -1))}</em>;
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    if (link !== null) return <SafeLink key={i} address={link[2] ?? ''}>{visible(link[1] ?? '')}</SafeLink>;
    return visible(part);
  });
}
