// Remembers results, so that what has not changed is not made again for each render. Pure.

/**
 * A function that makes its result again only for other arguments than the last time. It remembers one result for each
 * first argument, as long as that exists: several elements on a page share the function.
 *
 * @template {[object, ...unknown[]]} Given
 * @template Result
 * @param {(...given: Given) => Result} make
 * @returns {(...given: Given) => Result}
 */
export function memo(make) {
  /** @type {WeakMap<object, [given: Given, result: Result]>} */
  const known = new WeakMap();
  return (...given) => {
    const last = known.get(given[0]);
    if (last && given.every((one, place) => one === last[0][place])) return last[1];
    const result = make(...given);
    known.set(given[0], [given, result]);
    return result;
  };
}
