// The API description's models as shapes (shapes.mjs).

import { apiDescription } from './openapi.mjs';

/** For each operation of the API description its parameters (without the path's) and its response. */
export function describedOperations() {
  const spec = apiDescription();
  const follow = (node) => {
    if (!node?.$ref) return node;
    return node.$ref
      .slice(2)
      .split('/')
      .reduce((at, key) => at[key], spec);
  };
  const shapeOf = (schema, above = []) => {
    const { type, enum: words, properties, items, required = [] } = follow(schema);
    if (words) return { words };
    // A session's rooms are sessions again: one level is enough.
    if (type === 'array')
      return { list: items.$ref && above.includes(items.$ref) ? 'any' : shapeOf(items, above) };
    if (!properties) return { object: 'any', integer: 'number', undefined: 'any' }[type] ?? type;
    const inside = [...above, schema.$ref];
    return { fields: fieldsOf(properties, required, (field) => shapeOf(field, inside)) };
  };
  const fieldsOf = (properties, required, of) =>
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => {
        return [name, { optional: !required.includes(name), shape: of(schema) }];
      }),
    );

  const operations = {};
  for (const item of Object.values(spec.paths)) {
    for (const method of ['get', 'post', 'patch', 'delete']) {
      const operation = item[method];
      if (!operation) continue;
      const body = follow(operation.requestBody)?.content['application/json'].schema;
      const request = body ? shapeOf(body) : { fields: {} };
      for (const { in: place, name, required, schema } of (operation.parameters ?? []).map(
        follow,
      )) {
        if (place === 'query')
          request.fields[name] = { optional: !required, shape: shapeOf(schema) };
      }
      const good = Object.keys(operation.responses).find((status) => status.startsWith('2'));
      const response = follow(operation.responses[good]).content['application/json'].schema;
      operations[operation.operationId] = { request, response: shapeOf(response) };
    }
  }
  return operations;
}
