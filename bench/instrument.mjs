// Code that looks into a wasm module, for any glue: it stands in for the ways to instantiate one. To
// be run before the import.

/** Code that keeps the memories of modules in `memories`, and changes nothing else. */
export const KEEP_MEMORIES = `
  globalThis.memories = [];
  {
    const { Instance, instantiate } = WebAssembly;
    const keep = (instance) => {
      const { memories } = globalThis;
      const found = Object.values(instance.exports);
      memories.push(...found.filter((value) => value instanceof WebAssembly.Memory));
      return instance;
    };
    WebAssembly.Instance = function (...given) {
      return keep(new Instance(...given));
    };
    WebAssembly.Instance.prototype = Instance.prototype;
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate.apply(WebAssembly, given);
      keep(made.instance ?? made);
      return made;
    };
  }`;

/** Code that counts the calls between JavaScript and wasm in `crossings`, by function. */
export const COUNT_CROSSINGS = `
  globalThis.crossings = { into: {}, out: {} };
  {
    const { crossings } = globalThis;
    const wrapped = (functions, counts) =>
      Object.fromEntries(
        Object.entries(functions).map(([name, value]) => {
          if (typeof value !== 'function') return [name, value];
          const counting = function (...args) {
            counts[name] = (counts[name] ?? 0) + 1;
            return Reflect.apply(value, this, args);
          };
          return [name, counting];
        }),
      );
    const inward = (imports = {}) =>
      Object.fromEntries(
        Object.entries(imports).map(([name, functions]) => [name, wrapped(functions, crossings.out)]),
      );
    const { Instance, instantiate, instantiateStreaming } = WebAssembly;
    const outward = (instance) =>
      Object.create(Instance.prototype, {
        exports: { value: wrapped(instance.exports, crossings.into) },
      });
    WebAssembly.Instance = function (module, imports) {
      return outward(new Instance(module, inward(imports)));
    };
    WebAssembly.Instance.prototype = Instance.prototype;
    const both = (made) =>
      made instanceof Instance ? outward(made) : { ...made, instance: outward(made.instance) };
    WebAssembly.instantiate = async (source, imports) =>
      both(await instantiate.call(WebAssembly, source, inward(imports)));
    WebAssembly.instantiateStreaming = async (source, imports) =>
      both(await instantiateStreaming.call(WebAssembly, source, inward(imports)));
  }`;
