import type { Json } from '../../api/types';

/** The part of JSON Schema that flow programs write. */
export type Schema = {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  enum?: Json[];
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
};

export type Kind = 'choice' | 'flag' | 'integer' | 'number' | 'text' | 'list' | 'group' | 'json';

export const asSchema = (json: Json | undefined): Schema => (typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as unknown as Schema) : {});

export const typesOf = (schema: Schema): string[] => (schema.type === undefined ? [] : Array.isArray(schema.type) ? schema.type : [schema.type]);
export const mayBeNull = (schema: Schema): boolean => typesOf(schema).includes('null');

/** How a value of the schema is asked for; what no field is made for is asked for as JSON. */
export function kindOf(schema: Schema): Kind {
  if (schema.enum !== undefined && schema.enum.length > 0) return 'choice';
  const types = typesOf(schema).filter((type) => type !== 'null');
  if (types.length !== 1) return 'json';
  switch (types[0]) {
    case 'boolean':
      return 'flag';
    case 'integer':
      return 'integer';
    case 'number':
      return 'number';
    case 'string':
      return 'text';
    case 'array':
      return ['text', 'integer', 'number'].includes(kindOf(schema.items ?? {})) && schema.items?.enum === undefined ? 'list' : 'json';
    case 'object':
      return schema.properties !== undefined && Object.keys(schema.properties).length > 0 ? 'group' : 'json';
    default:
      return 'json';
  }
}

/** A value as it stands in its field. */
export function toField(kind: Kind, value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (kind === 'list' && Array.isArray(value)) return value.map(String).join('\n');
  if (kind === 'json' || kind === 'group' || kind === 'choice') return JSON.stringify(value, undefined, kind === 'json' ? 1 : undefined);
  return String(value);
}

export type Read = { value?: Json; mistake?: string };

/** The value of a field; an empty one says nothing. */
export function fromField(schema: Schema, text: string): Read {
  const kind = kindOf(schema);
  if (text === '' && kind !== 'text') return {};
  if (text === '') return {};
  switch (kind) {
    case 'flag':
      return { value: text === 'true' };
    case 'integer':
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || !Number.isFinite(value) || (kind === 'integer' && !Number.isInteger(value))) return { mistake: `must be a ${kind === 'integer' ? 'whole number' : 'number'}` };
      return checked(schema, value);
    }
    case 'list': {
      const items = text.split('\n').filter((line) => line !== '');
      const read = items.map((item) => fromField(schema.items ?? {}, item));
      const wrong = read.findIndex((one) => one.mistake !== undefined);
      if (wrong >= 0) return { mistake: `line ${wrong + 1} ${read[wrong]?.mistake ?? ''}` };
      if (schema.minItems !== undefined && items.length < schema.minItems) return { mistake: `must have at least ${schema.minItems} lines` };
      if (schema.maxItems !== undefined && items.length > schema.maxItems) return { mistake: `must have at most ${schema.maxItems} lines` };
      return { value: read.map((one) => one.value ?? null) };
    }
    case 'text':
      return checked(schema, text);
    default:
      try {
        return { value: JSON.parse(text) as Json };
      } catch {
        return { mistake: 'must be JSON' };
      }
  }
}

function checked(schema: Schema, value: number | string): Read {
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return { mistake: `must be at least ${schema.minimum}` };
    if (schema.maximum !== undefined && value > schema.maximum) return { mistake: `must be at most ${schema.maximum}` };
    if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) return { mistake: `must be more than ${schema.exclusiveMinimum}` };
    if (schema.exclusiveMaximum !== undefined && value >= schema.exclusiveMaximum) return { mistake: `must be less than ${schema.exclusiveMaximum}` };
  } else {
    if (schema.minLength !== undefined && value.length < schema.minLength) return { mistake: `must have at least ${schema.minLength} characters` };
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return { mistake: `must have at most ${schema.maxLength} characters` };
    if (schema.pattern !== undefined && !matches(schema.pattern, value)) return { mistake: `must fit ${schema.pattern}` };
  }
  return { value };
}

// Patterns that this browser does not understand are left to the server.
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

/** Fields within fields have one name each: beams.first. */
export function leaves(schema: Schema, path = ''): { path: string; schema: Schema; required: boolean }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return kindOf(one) === 'group' && !mayBeNull(one) ? leaves(one, at) : [{ path: at, schema: one, required: schema.required?.includes(name) ?? false }];
  });
}

export function valueAt(json: Json | undefined, path: string): Json | undefined {
  let at: Json | undefined = json;
  for (const name of path.split('.')) at = typeof at === 'object' && at !== null && !Array.isArray(at) ? at[name] : undefined;
  return at;
}

export function putAt(target: Record<string, Json>, path: string, value: Json): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let at = target;
  for (const name of names) at = (at[name] ??= {}) as Record<string, Json>;
  at[last] = value;
}
