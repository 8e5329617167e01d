import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, type ReactNode } from 'react';

/** Rows of one height, of which only those in sight are drawn; near the end it asks for more. */
export function VirtualRows<T>({
  rows,
  height,
  keyOf,
  row,
  head,
  label,
  more,
  className = '',
}: {
  rows: readonly T[];
  height: number;
  keyOf: (row: T) => string;
  row: (row: T, index: number) => ReactNode;
  head?: ReactNode;
  label: string;
  more?: { has: boolean; busy: boolean; load: () => void };
  className?: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // A key that is another function counts every row anew.
  const keys = useRef(keyOf);
  keys.current = keyOf;
  const getItemKey = useCallback(
    (index: number) => {
      const one = rows[index];
      return one === undefined ? index : keys.current(one);
    },
    [rows],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { has = false, busy = false, load } = more ?? {};

  useEffect(() => {
    if (has && !busy && lastShown >= rows.length - 30) load?.();
  }, [has, busy, load, lastShown, rows.length]);

  return (
    <div className={`rows ${className}`} role="table" aria-label={label} aria-rowcount={has ? -1 : rows.length + 1}>
      {head}
      <div className="rows-scroll" ref={scroller} tabIndex={0} role="rowgroup" aria-label={label}>
        <div className="rows-all" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const one = rows[item.index];
            return one === undefined ? null : (
              <div key={item.key} className="rows-row" role="row" aria-rowindex={item.index + 2} style={{ height, transform: `translateY(${item.start}px)` }}>
                {row(one, item.index)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
