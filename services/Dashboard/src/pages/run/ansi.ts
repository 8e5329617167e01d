export type Piece = { text: string; style: string };

const sequence = /\u001b\[([0-9;]*)m/g;
const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Colours and weights that a terminal would show, as names of styles; every other control sequence stays text. */
export function pieces(text: string): Piece[] {
  if (!text.includes('\u001b[')) return [{ text, style: '' }];
  const found: Piece[] = [];
  const on = new Map<string, string>();
  let from = 0;
  const add = (to: number): void => {
    if (to > from) found.push({ text: text.slice(from, to), style: [...on.values()].join(' ') });
  };
  for (const match of text.matchAll(sequence)) {
    add(match.index);
    from = match.index + match[0].length;
    apply(on, (match[1] ?? '').split(';').map(Number));
  }
  add(text.length);
  return found;
}

function apply(on: Map<string, string>, codes: number[]): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) on.clear();
    else if (code === 1) on.set('weight', 'ansi-bold');
    else if (code === 2) on.set('weight', 'ansi-faint');
    else if (code === 3) on.set('slope', 'ansi-italic');
    else if (code === 4) on.set('line', 'ansi-underline');
    else if (code === 22) on.delete('weight');
    else if (code === 23) on.delete('slope');
    else if (code === 24) on.delete('line');
    else if (code === 39) on.delete('colour');
    else if (code >= 30 && code <= 37) on.set('colour', `ansi-${names[code - 30]}`);
    else if (code >= 90 && code <= 97) on.set('colour', `ansi-${names[code - 90]}`);
    else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : codes[i + 1] === 2 ? 4 : 0;
  }
}
