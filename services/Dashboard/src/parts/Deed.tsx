import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Button, Dialog } from './Basics';
import { Icon } from './Icon';
import { visible } from './Text';

type Note = { id: number; text: string; bad: boolean };
type Question = { title: string; text: ReactNode; verb: string; danger: boolean; answer: (yes: boolean) => void };
type Deeds = { tell: (text: string, bad?: boolean) => void; ask: (question: Omit<Question, 'answer'>) => Promise<boolean> };

const Context = createContext<Deeds>({ tell: () => undefined, ask: () => Promise.resolve(false) });

const shownFor = 7000;

/** Asks before something is done, and tells what became of it. */
export function DeedProvider({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([]);
  const [question, setQuestion] = useState<Question>();

  const drop = (id: number): void => setNotes((all) => all.filter((note) => note.id !== id));
  const tell = useCallback((text: string, bad = false) => {
    const id = Date.now() + Math.random();
    setNotes((all) => [...all.slice(-3), { id, text, bad }]);
    if (!bad) setTimeout(() => setNotes((all) => all.filter((note) => note.id !== id)), shownFor);
  }, []);
  const ask = useCallback(
    (asked: Omit<Question, 'answer'>) =>
      new Promise<boolean>((resolve) =>
        setQuestion({
          ...asked,
          answer: (yes) => {
            setQuestion(undefined);
            resolve(yes);
          },
        }),
      ),
    [],
  );

  return (
    <Context.Provider value={{ tell, ask }}>
      {children}
      {question !== undefined && (
        <Dialog title={question.title} onClose={() => question.answer(false)}>
          <div className="question">{question.text}</div>
          <div className="dialog-actions">
            <Button onClick={() => question.answer(false)}>Leave it</Button>
            <Button className={question.danger ? 'danger' : 'primary'} onClick={() => question.answer(true)}>
              {question.verb}
            </Button>
          </div>
        </Dialog>
      )}
      <div className="notes" role="status" aria-live="polite">
        {notes.map((note) => (
          <div key={note.id} className={note.bad ? 'note bad' : 'note'}>
            <Icon name={note.bad ? 'cross' : 'check'} />
            <span>{visible(note.text)}</span>
            <button type="button" className="quiet icon-only" aria-label="Dismiss" onClick={() => drop(note.id)}>
              <Icon name="close" size={14} />
            </button>
          </div>
        ))}
      </div>
    </Context.Provider>
  );
}

export const useAsk = () => useContext(Context).ask;
export const useTell = () => useContext(Context).tell;

/** Does one thing at a time: tells what went wrong, and has everything read again. */
export function useDeed(): { busy: boolean; run: (deed: () => Promise<unknown>, done?: string) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const client = useQueryClient();
  const run = async (deed: () => Promise<unknown>, done?: string): Promise<boolean> => {
    setBusy(true);
    try {
      const answer = await deed();
      const { changed, reason } = (answer ?? {}) as { changed?: boolean; reason?: string };
      if (changed === false && reason !== undefined) tell(reason);
      else if (done !== undefined) tell(done);
      await client.invalidateQueries();
      return true;
    } catch (error) {
      tell(error instanceof ApiError ? error.detail : String(error), true);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}
