// Loaded before an example: sends what is for the host of the examples to a server of the test.

const { EXAMPLE_HOST = '', GATEWAY = '' } = process.env;
const send = globalThis.fetch;
globalThis.fetch = (input, init) =>
  typeof input === 'string' && input.startsWith(EXAMPLE_HOST)
    ? send(GATEWAY + input.slice(EXAMPLE_HOST.length), init)
    : send(input, init);
