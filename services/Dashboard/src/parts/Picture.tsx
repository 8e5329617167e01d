import { useEffect, useRef, useState } from 'react';
import { blob } from '../api/client';
import { Button, Dialog } from './Basics';

/** A picture behind the API's authorization: fetched as a file, when it comes into sight. */
export function Picture({ path, title, onOpen }: { path: string; title: string; onOpen?: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const [source, setSource] = useState<string>();
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const ending = new AbortController();
    let address: string | undefined;
    const load = async (): Promise<void> => {
      try {
        const content = await blob(path, ending.signal);
        address = URL.createObjectURL(content);
        setSource(address);
      } catch {
        if (!ending.signal.aborted) setFailed(true);
      }
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          observer.disconnect();
          void load();
        }
      },
      { rootMargin: '300px' },
    );
    if (box.current !== null) observer.observe(box.current);
    return () => {
      observer.disconnect();
      ending.abort();
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [path]);

  return (
    <div ref={box} className="picture">
      {failed && <span className="dim">This picture cannot be shown here.</span>}
      {!failed && source === undefined && <span className="dim">…</span>}
      {source !== undefined && !failed && (
        <button type="button" className="picture-button" aria-label={`Enlarge ${title}`} onClick={onOpen} disabled={onOpen === undefined}>
          <img src={source} alt={title} onError={() => setFailed(true)} />
        </button>
      )}
    </div>
  );
}

/** One picture of several, large; it is zoomed by a click and dragged by scrolling. */
export function PictureDialog({ pictures, at, onMove, onClose }: { pictures: { path: string; title: string }[]; at: number; onMove: (at: number) => void; onClose: () => void }) {
  const [zoom, setZoom] = useState(1);
  const picture = pictures[at];
  if (picture === undefined) return null;
  const step = (by: number): void => onMove((at + by + pictures.length) % pictures.length);
  return (
    <Dialog title={picture.title} onClose={onClose} wide>
      <div
        className="large-picture"
        tabIndex={0}
        role="region"
        aria-label={picture.title}
        onKeyDown={(e) => {
          if (e.key === 'ArrowRight') step(1);
          else if (e.key === 'ArrowLeft') step(-1);
          else if (e.key === '+') setZoom((z) => Math.min(8, z * 1.5));
          else if (e.key === '-') setZoom((z) => Math.max(1, z / 1.5));
        }}
      >
        <div style={{ width: `${zoom * 100}%` }}>
          <Picture key={picture.path} path={picture.path} title={picture.title} onOpen={() => setZoom((z) => (z === 1 ? 2.5 : 1))} />
        </div>
      </div>
      <div className="dialog-actions">
        <Button icon="left" disabled={pictures.length < 2} onClick={() => step(-1)}>
          Previous
        </Button>
        <span className="dim">
          {at + 1} of {pictures.length}
        </span>
        <Button icon="right" disabled={pictures.length < 2} onClick={() => step(1)}>
          Next
        </Button>
        <span className="grow" />
        <Button icon="minus" aria-label="Smaller" disabled={zoom <= 1} onClick={() => setZoom((z) => Math.max(1, z / 1.5))} />
        <Button icon="plus" aria-label="Larger" disabled={zoom >= 8} onClick={() => setZoom((z) => Math.min(8, z * 1.5))} />
      </div>
    </Dialog>
  );
}
