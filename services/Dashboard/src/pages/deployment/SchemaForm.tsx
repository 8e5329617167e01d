import { visible } from '../../parts/Text';
import { kindOf, leaves, toField, type Schema } from './schema';

export type Fields = Record<string, string>;

/** One field a parameter, made from the schema; what is wrong with a field stands under it. */
export function SchemaForm({ schema, fields, defaults, mistakes, onChange }: { schema: Schema; fields: Fields; defaults: (path: string) => unknown; mistakes: Record<string, string>; onChange: (path: string, text: string) => void }) {
  return (
    <>
      {leaves(schema).map(({ path, schema: one, required }) => {
        const mistake = mistakes[path];
        const id = `field-${path}`;
        const inherited = defaults(path);
        return (
          <div key={path} className="field">
            <label htmlFor={id}>
              <bdi>{visible((one.title ?? path).slice(0, 120))}</bdi>
              {required && inherited === undefined && (
                <span className="required" title="needed">
                  {' '}
                  *
                </span>
              )}
              <span className="hint">{hintOf(one)}</span>
            </label>
            <Field
              id={id}
              schema={one}
              text={fields[path] ?? ''}
              placeholder={inherited === undefined ? '' : toField(kindOf(one), inherited as never)}
              isWrong={mistake !== undefined}
              describedBy={mistake === undefined ? (one.description === undefined ? undefined : `${id}-about`) : `${id}-mistake`}
              onChange={(text) => onChange(path, text)}
            />
            {one.description !== undefined && (
              <p className="dim" id={`${id}-about`}>
                {visible(one.description.slice(0, 500))}
              </p>
            )}
            {mistake !== undefined && (
              <p className="mistake" id={`${id}-mistake`} role="alert">
                {visible(mistake)}
              </p>
            )}
          </div>
        );
      })}
    </>
  );
}

function hintOf(schema: Schema): string {
  const kind = kindOf(schema);
  const words = { choice: '', flag: '', integer: 'whole number', number: 'number', text: schema.format ?? '', list: 'one a line', group: 'JSON', json: 'JSON' }[kind];
  const { minimum, maximum } = schema;
  const closed = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : minimum !== undefined ? `from ${minimum}` : maximum !== undefined ? `up to ${maximum}` : '';
  const above = schema.exclusiveMinimum === undefined ? '' : `more than ${schema.exclusiveMinimum}`;
  const below = schema.exclusiveMaximum === undefined ? '' : `less than ${schema.exclusiveMaximum}`;
  return [words, above, closed, below].filter((word) => word !== '').join(', ');
}

type FieldProps = { id: string; schema: Schema; text: string; placeholder: string; isWrong: boolean; describedBy: string | undefined; onChange: (text: string) => void };

function Field({ id, schema, text, placeholder, isWrong, describedBy, onChange }: FieldProps) {
  const common = { id, value: text, 'aria-invalid': isWrong, 'aria-describedby': describedBy };
  switch (kindOf(schema)) {
    case 'choice':
      return (
        <select {...common} onChange={(e) => onChange(e.target.value)}>
          <option value="">{placeholder === '' ? '–' : `as set: ${visible(placeholder)}`}</option>
          {schema.enum?.map((value) => (
            <option key={JSON.stringify(value)} value={JSON.stringify(value)}>
              {typeof value === 'string' ? visible(value) : JSON.stringify(value)}
            </option>
          ))}
        </select>
      );
    case 'flag':
      return (
        <select {...common} onChange={(e) => onChange(e.target.value)}>
          <option value="">{placeholder === '' ? '–' : `as set: ${placeholder === 'true' ? 'yes' : 'no'}`}</option>
          <option value="true">yes</option>
          <option value="false">no</option>
        </select>
      );
    case 'integer':
    case 'number':
      return <input {...common} type="text" inputMode="decimal" placeholder={placeholder} onChange={(e) => onChange(e.target.value)} />;
    case 'text':
      return <input {...common} type="text" placeholder={placeholder} onChange={(e) => onChange(e.target.value)} />;
    default:
      return <textarea {...common} rows={Math.min(10, Math.max(2, (text === '' ? placeholder : text).split('\n').length))} spellCheck={false} placeholder={placeholder} onChange={(e) => onChange(e.target.value)} />;
  }
}
