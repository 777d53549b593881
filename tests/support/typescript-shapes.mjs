// The TypeScript types as shapes (shapes.mjs).

import { OURS, declared, exported, program, ts } from './compiler.mjs';

/** For each operation the types of its method's `params` and of its response. */
export function typedOperations(methods) {
  const ours = program([OURS]);
  const checker = ours.getTypeChecker();
  const types = exported(ours, OURS);

  const shapeOf = (type) => {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'any';
    if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean';
    if (type.flags & ts.TypeFlags.NumberLike) return 'number';
    if (type.flags & ts.TypeFlags.StringLiteral) return { words: [type.value] };
    if (type.flags & ts.TypeFlags.String) return 'string';
    if (type.isUnion()) return unionOf(type.types.filter((one) => !(one.flags & nothing)));
    if (checker.isArrayType(type)) return { list: shapeOf(checker.getTypeArguments(type)[0]) };
    return {
      fields: Object.fromEntries(
        checker.getPropertiesOfType(type).map((field) => {
          const optional = Boolean(field.flags & ts.SymbolFlags.Optional);
          return [field.name, { optional, shape: shapeOf(checker.getTypeOfSymbol(field)) }];
        }),
      ),
    };
  };
  const nothing = ts.TypeFlags.Undefined | ts.TypeFlags.Null;

  const unionOf = (types) => {
    const shapes = types.map(shapeOf);
    if (shapes.every((shape) => shape.words))
      return { words: shapes.flatMap(({ words }) => words) };
    if (!shapes.every((shape) => shape.fields)) return shapes[0];
    // A union of objects: a field is required if each of them requires it.
    const fields = {};
    for (const name of new Set(shapes.flatMap((shape) => Object.keys(shape.fields)))) {
      const found = shapes.map((shape) => shape.fields[name]);
      const optional = found.some((field) => field?.optional ?? true);
      fields[name] = { optional, shape: found.find(Boolean).shape };
    }
    return { fields };
  };

  const operation = ([resource, name]) => {
    const method = declared(ours, types[resource]).getProperty(name);
    const [signature] = checker.getTypeOfSymbol(method).getCallSignatures();
    const params = signature.parameters.find((parameter) => parameter.name === 'params');
    const [response] = checker.getTypeArguments(signature.getReturnType());
    return { request: shapeOf(checker.getTypeOfSymbol(params)), response: shapeOf(response) };
  };
  return Object.fromEntries(Object.entries(methods).map(([id, of]) => [id, operation(of)]));
}
