// Remembers results, so that what has not changed is not made again for each render. Pure.

/**
 * A function that makes its result again only for other arguments than the last time.
 *
 * @template {unknown[]} Given
 * @template Result
 * @param {(...given: Given) => Result} make
 * @returns {(...given: Given) => Result}
 */
export function memo(make) {
  /** @type {Given | undefined} */
  let last;
  /** @type {Result} */
  let result;
  return (...given) => {
    if (!last || given.some((one, place) => one !== last?.[place])) {
      result = make(...given);
      last = given;
    }
    return result;
  };
}
