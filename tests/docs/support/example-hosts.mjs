// Loaded before an example: redirects requests for the example host to a server of the test.

const { EXAMPLE_HOST = '', GATEWAY = '' } = process.env;
const send = globalThis.fetch;
globalThis.fetch = (input, init) =>
  typeof input === 'string' && input.startsWith(EXAMPLE_HOST)
    ? send(GATEWAY + input.slice(EXAMPLE_HOST.length), init)
    : send(input, init);
