// A real identity provider on 127.0.0.1, told what to do on standard input, one word a line:
//   rotate   sign with a new key, and go on listing the old ones
//   replace  sign with a new key, and list that one alone
//   token    give a token of a training hub's team
//   count    say how often the key set was asked for
//   down, up stop answering, and answer again
// Each is answered with one line of JSON. It ends with its input.
import http from 'node:http';
import { createInterface } from 'node:readline';
import * as jose from 'jose';
import { Provider } from 'oidc-provider';

// Standard output is for answers alone, and the provider likes to give advice.
console.info = console.error;
console.warn = console.error;

const AUDIENCE = 'https://gpa.example';
let made = 0;
const key = async () => {
  const { privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  made += 1;
  return { ...(await jose.exportJWK(privateKey)), kid: `k${made}`, alg: 'ES256', use: 'sig' };
};

const server = http.createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

let keys = [await key()];
let fetches = 0;
let down = false;
let answer;
const provide = () => {
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [{
      client_id: 'hub-portal', client_secret: 'only-for-tests-only-for-tests-only',
      id_token_signed_response_alg: 'ES256',
      grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    }],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'gpa', audience: AUDIENCE, accessTokenTTL: 900, accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    scopes: ['gpa'],
    extraTokenClaims: () => ({
      realm: { groups: ['staff', 'GPA-Hub'] }, team: 'west-yorkshire', tenant: 'nhs',
    }),
  });
  answer = provider.callback();
};
provide();
server.on('request', (request, response) => {
  if (down) { request.socket.destroy(); return; }
  if (request.url.startsWith('/jwks')) fetches += 1;
  answer(request, response);
});

const token = async () => {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'gpa' });
  const authorization = `Basic ${btoa('hub-portal:only-for-tests-only-for-tests-only')}`;
  const given = await fetch(`${issuer}/token`, { method: 'POST', body, headers: { authorization } });
  const read = await given.json();
  return read.access_token ?? read;
};

const commands = {
  rotate: async () => { keys = [await key(), ...keys]; provide(); return keys.map((it) => it.kid); },
  replace: async () => { keys = [await key()]; provide(); return keys.map((it) => it.kid); },
  token,
  count: () => fetches,
  down: () => { down = true; server.closeAllConnections(); return down; },
  up: () => { down = false; return down; },
};

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
say(issuer);
for await (const line of createInterface({ input: process.stdin })) {
  say(await commands[line]());
}
process.exit(0);
