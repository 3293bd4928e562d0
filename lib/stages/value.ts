import * as z from 'zod/mini';

/** What a value has to be, and an example. Errors name both. */
export interface Form {
  readonly form: string;
  readonly example: unknown;
}

const forms = z.registry<Form>();

/** A value whose errors name its form and an example. */
export function value<Schema extends z.ZodMiniType>(schema: Schema, form: string, example: z.input<Schema>): Schema {
  const own = schema.clone();
  forms.add(own, { form, example });
  return own;
}

/**
 * The form of the value at a path: that of the value itself, or of the closest one around it.
 * @param schema the schema of the whole.
 */
export function formAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): Form | undefined {
  const [key, ...rest] = path;
  const own = forms.get(schema);
  if (schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniDefault) {
    return own ?? formAt(schema._zod.def.innerType, path);
  }
  if (key === undefined) return own;
  if (schema instanceof z.ZodMiniArray) return formAt(schema._zod.def.element, rest) ?? own;
  if (!(schema instanceof z.ZodMiniObject)) return own;
  const inner: z.core.$ZodType | undefined = schema._zod.def.shape[String(key)];
  return (inner && formAt(inner, rest)) ?? own;
}
