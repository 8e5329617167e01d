import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError, get, newKey, post } from '../../api/client';
import type { DeploymentDetail, FlowRunDetail, FlowRunRow, Json, Page, RunCreated } from '../../api/types';
import { Button, Card, Empty, Failure } from '../../parts/Basics';
import { useTell } from '../../parts/Deed';
import { TimeField, zoneName } from '../../parts/TimeField';
import { useZone } from '../../time/clock';
import { asSchema, fromField, kindOf, leaves, putAt, toField, valueAt } from './schema';
import { SchemaForm, type Fields } from './SchemaForm';

/** Asks for a run: what is left empty comes from the deployment, then from the flow. */
export function RunForm({ deployment }: { deployment: DeploymentDetail }) {
  const [, go] = useLocation();
  const tell = useTell();
  const zone = useZone();
  const schema = asSchema(deployment.parameterSchema);
  const all = leaves(schema);
  const [fields, setFields] = useState<Fields>({});
  const [name, setName] = useState('');
  const [tags, setTags] = useState('');
  const [at, setAt] = useState('');
  const [mistakes, setMistakes] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  // The same form sent twice is one run; a form that was changed is another.
  const key = useRef({ body: '', key: '' });

  const inherited = (path: string): Json | undefined => valueAt(deployment.parameters, path) ?? all.find((leaf) => leaf.path === path)?.schema.default;

  const useLast = async (): Promise<void> => {
    try {
      const newest = (await get<Page<FlowRunRow>>('/api/flow-runs', { deployment: deployment.id, limit: 1 })).items[0];
      if (newest === undefined) {
        tell('This deployment has no run yet');
        return;
      }
      const run = await get<FlowRunDetail>(`/api/flow-runs/${newest.id}`);
      setFields(Object.fromEntries(all.map(({ path, schema: one }) => [path, toField(kindOf(one), valueAt(run.parameters, path))])));
      setMistakes({});
    } catch (error) {
      setFailure(error);
    }
  };

  const submit = async (): Promise<void> => {
    setFailure(undefined);
    const wrong: Record<string, string> = {};
    const parameters: Record<string, Json> = {};
    for (const { path, schema: one, required } of all) {
      const read = fromField(one, fields[path] ?? '');
      if (read.mistake !== undefined) wrong[path] = read.mistake;
      else if (read.value !== undefined) putAt(parameters, path, read.value);
      else if (required && inherited(path) === undefined) wrong[path] = 'is needed';
    }
    setMistakes(wrong);
    const first = Object.keys(wrong)[0];
    if (first !== undefined) {
      document.getElementById(`field-${first}`)?.focus();
      return;
    }
    const asked = {
      parameters,
      name: name.trim() === '' ? undefined : name.trim(),
      tags: tags.trim() === '' ? undefined : tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''),
      at: at === '' ? undefined : at,
    };
    const body = JSON.stringify(asked);
    if (key.current.body !== body) key.current = { body, key: newKey() };
    setBusy(true);
    try {
      const created = await post<RunCreated>(`/api/deployments/${deployment.id}/runs`, asked, key.current.key);
      go(`/runs/${created.id}`);
    } catch (error) {
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) {
        setMistakes(Object.fromEntries(Object.entries(error.fields).map(([field, messages]) => [field.replace(/^parameters\./, ''), messages.join('; ')])));
      }
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      className="run-form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      <Card
        title="Parameters"
        aside={
          <Button className="quiet" icon="retry" onClick={() => void useLast()}>
            Values of the last run
          </Button>
        }
      >
        {all.length === 0 ? (
          <Empty>This flow takes no parameters.</Empty>
        ) : (
          <SchemaForm schema={schema} fields={fields} defaults={inherited} mistakes={mistakes} onChange={(path, text) => setFields((old) => ({ ...old, [path]: text }))} />
        )}
      </Card>
      <Card title="This run">
        <div className="field">
          <label htmlFor="run-name">
            Name <span className="hint">one is made where this is empty</span>
          </label>
          <input id="run-name" type="text" value={name} maxLength={200} aria-invalid={mistakes['name'] !== undefined} onChange={(e) => setName(e.target.value)} />
          {mistakes['name'] !== undefined && <p className="mistake">{mistakes['name']}</p>}
        </div>
        <div className="field">
          <label htmlFor="run-tags">
            Tags <span className="hint">added to the deployment’s, with commas between</span>
          </label>
          <input id="run-tags" type="text" value={tags} onChange={(e) => setTags(e.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="run-at">
            Start <span className="hint">now where this is empty; {zoneName(zone)}</span>
          </label>
          <TimeField id="run-at" at={at} onChange={setAt} />
        </div>
        {failure !== undefined && <Failure error={failure} />}
        <Button type="submit" icon="play" className="primary" disabled={busy}>
          Run now
        </Button>
      </Card>
    </form>
  );
}
