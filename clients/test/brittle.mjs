import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** After how many bytes of answers connections break, one after the other; some break within the first event. */
const lengths = [900, 2500, 300, 1700, 4000, 1200];

/** A way to a server that breaks every connection sooner or later, in the middle of whatever is on it. */
export async function brittleWay(t, url) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  let broken = 0;
  let opened = 0;
  const server = createServer((client) => {
    const upstream = connect(port, hostname);
    let left = lengths[opened++ % lengths.length];
    const close = () => [client, upstream].forEach((socket) => socket.destroy());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', close).on('close', close);
    }
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      client.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left > 0) return;
      broken++;
      client.end();
      setTimeout(close, 20);
    });
  });
  t.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way = new URL(url);
  way.port = server.address().port;
  return { url: way.href, broken: () => broken };
}
