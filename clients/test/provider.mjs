import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { patientFetch } from './server.mjs';

const client = { id: 'batch', secret: 'a secret of this test alone' };

/** JWTs say all there is to know of them. */
class NothingKept {
  async upsert() {}
  async find() {}
}

/** A signing key, as a private JWK. */
export function newKey(kid) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
}

/**
 * An OpenID Connect provider on loopback, with a client of its own. It can be stopped, started again on the same
 * port, and given other keys, of which the first signs, while it runs.
 */
export async function newProvider(t, keys) {
  let server, port, answer;
  let keysReadAt = 0;

  async function start() {
    server = createServer((request, response) => {
      if (request.url === '/jwks') keysReadAt = Date.now();
      answer(request, response);
    });
    server.listen(port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    port = server.address().port;
  }
  async function stop() {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  t.after(() => server.listening && stop());

  await start();
  const issuer = `http://127.0.0.1:${port}`;
  const setKeys = (...all) => {
    answer = new Provider(issuer, configuration(all)).callback();
  };
  setKeys(...keys);
  return { issuer, start, stop, setKeys, keysReadAt: () => keysReadAt, token: (options) => token(issuer, options) };
}

/** Has the provider issue a JWT for the audience `stackyard`, or for another. */
async function token(issuer, { scope = '', resource = 'urn:stackyard' } = {}) {
  const response = await patientFetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${btoa(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`)}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`the provider answered ${response.status}: ${JSON.stringify(body)}`);
  return body.access_token;
}

function configuration(keys) {
  const scope = 'catalog:write users:read';
  return {
    jwks: { keys },
    adapter: NothingKept,
    cookies: { keys: ['of no use here'] },
    scopes: scope.split(' '),
    ttl: { ClientCredentials: 600 },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
        scope,
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope,
          audience: resource.replace('urn:', ''),
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    extraTokenClaims: () => ({ name: 'Nightly batch' }),
  };
}
