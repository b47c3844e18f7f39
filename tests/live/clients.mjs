// Follows the change feed with graphql-ws and with graphql-sse, as a portal would:
// node clients.mjs URL TOKEN CURSOR

import { createClient as socketClient } from 'graphql-ws';
import { createClient as eventClient } from 'graphql-sse';
import WebSocket from 'ws';

const [url, token, after] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const changes = {
  query: 'subscription($after: String) { changes(after: $after) { cursor node { after } } }',
  variables: { after },
};

// The first two changes; then it is left, which ends the subscription.
async function two(name, events) {
  let count = 0;
  for await (const { data } of events) {
    console.log(name, data.changes.node.after);
    count += 1;
    if (count === 2) return;
  }
}

const at = (path) => url.replace('http', 'ws') + path;
const ws = socketClient({
  url: at('/graphql'), webSocketImpl: WebSocket, connectionParams: { authorization }, retryAttempts: 0,
});
for await (const { data } of ws.iterate({ query: '{ viewer { role } }' })) {
  console.log('ws query', data.viewer.role);
}
await two('ws', ws.iterate(changes));
try {
  for await (const event of ws.iterate({ query: 'mutation { retireOperation(input: { id: "x", expectedVersion: 1 }) { __typename } }' })) {
    console.log('ws refused', event.errors[0].extensions.code);
  }
} catch (errors) {
  console.log('ws refused', errors[0].extensions.code);
}
await ws.dispose();

const stranger = socketClient({
  url: at('/graphql'), webSocketImpl: WebSocket, connectionParams: { authorization: 'Bearer x' },
  retryAttempts: 0,
});
try {
  for await (const event of stranger.iterate(changes)) console.log('ws', event);
} catch (closed) {
  console.log('ws closed', closed.code);
}

const sse = eventClient({ url: `${url}/graphql`, headers: { authorization }, retryAttempts: 0 });
await two('sse', sse.iterate(changes));
sse.dispose();
