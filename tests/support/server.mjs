// A local server that records requests and responds as a test says.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts a server; `answer(request, response, body)` responds, by default with `{}` as JSON. */
export async function startServer(answer = okay) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body });
    await local.answer(request, response, body);
  });
  // A client that is slow would send on a connection that the server is just closing.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const local = {
    answer,
    url,
    /** The requests it received. */
    requests,
    /** The options of a client that uses it. */
    options: { baseURL: url, apiToken: 'a-token', accountId: 'acc' },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return local;
}

/** Responds with `{}`. */
export function okay(_request, response) {
  json(response, {});
}

/** Responds with a JSON body. */
export function json(response, body, status = 200, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
