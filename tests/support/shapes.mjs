// A common form for the models of three sources (the API description, the TypeScript types, the Rust structs),
// and its comparison. A shape is `{ fields: { name: { optional, shape } } }`,
// `{ list: shape }`, `{ words: [...] }`, or a simple type's name.

/** The differences between two shapes: a line each, which starts with the path. */
export function differences(path, expected, found, { ignoreOptional = false } = {}) {
  const lines = [];
  const compare = (path, expected, found) => {
    if (expected?.fields && found?.fields) {
      for (const name of new Set([...Object.keys(expected.fields), ...Object.keys(found.fields)])) {
        const [a, b] = [expected.fields[name], found.fields[name]];
        const at = `${path}.${name}`;
        if (!b) lines.push(`${at} is missing`);
        else if (!a) lines.push(`${at} is not described`);
        else {
          if (a.optional !== b.optional && !ignoreOptional) {
            lines.push(`${at} is ${b.optional ? 'optional' : 'required'}`);
          }
          compare(at, a.shape, b.shape);
        }
      }
    } else if (expected?.list && found?.list) {
      compare(`${path}[]`, expected.list, found.list);
    } else if (describe(expected) !== describe(found)) {
      lines.push(`${path} is ${describe(found)}, described as ${describe(expected)}`);
    }
  };
  compare(path, expected, found);
  return lines;
}

/** A shape as text. */
function describe(shape) {
  if (shape?.fields) return 'an object';
  if (shape?.list) return `a list of ${describe(shape.list)}`;
  return shape?.words ? [...shape.words].sort().join('|') : String(shape);
}
