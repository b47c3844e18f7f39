// Runs every audit of graphql-http, and graphql-js's own introspection queries, against
// a running server: node audit.mjs http://127.0.0.1:8080/graphql
// Fails unless every MUST and every SHOULD is met.

import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { auditServer } from 'graphql-http';

const url = process.argv[2];
if (!url) throw new Error('say which server: node audit.mjs URL');

const results = await auditServer({ url });
if (results.length === 0) throw new Error('no audit ran');
const failed = results.filter(({ status }) => status !== 'ok');
for (const { id, name, reason } of failed) console.error(`${id} ${name}: ${reason}`);
const binding = failed.filter(({ name }) => /^(MUST|SHOULD)\b/.test(name));
console.log(`audits: ${results.length - failed.length} of ${results.length} met, `
  + `${binding.length} binding ones missed`);

async function introspect(options) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery(options) }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`introspection is refused: ${JSON.stringify(errors)}`);
  return buildClientSchema(data).getTypeMap();
}

const plain = Object.keys(await introspect({})).length;
const whole = Object.keys(await introspect({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
})).length;
console.log(`introspection: ${whole} types, with every option`);

if (binding.length > 0 || plain !== whole) process.exitCode = 1;
