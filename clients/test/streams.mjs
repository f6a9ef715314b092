import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

/** A client over a socket, as the library speaks. It does not come back by itself. */
export function openSocket(t, url, token) {
  const client = createSocketClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: token === undefined ? undefined : { Authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  t.after(() => client.terminate());
  return client;
}

/** The same over server-sent events. */
export function openEvents(t, url, token) {
  const client = createEventClient({
    url,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  t.after(() => client.dispose());
  return client;
}
