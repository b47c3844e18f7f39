// What an integrator writes in TypeScript: the documents are typed by what is generated
// from the schema, and every outcome of a command is handled, or it does not compile.

import type { ResultOf } from '@graphql-typed-document-node/core';

import { graphql } from './generated/gql.js';
import type { TypedDocumentString } from './generated/graphql.js';

const Sites = graphql(`
  query Sites($after: String) {
    sites(first: 100, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id name odsCode openedOn status placement { region { name } trainingHub { slug } } }
    }
  }
`);

const Register = graphql(`
  mutation Register($input: RegisterSiteInput!) {
    registerSite(input: $input) {
      __typename
      ... on SiteRegistered { site { id name version openedOn } }
      ... on InvalidInput { problems { path code message } }
      ... on IdempotencyConflict { message }
    }
  }
`);

const Again = graphql(`
  query Again($id: ID!) {
    node(id: $id) {
      __typename
      ... on Organisation { name version }
      ... on Site { odsCode prescribingSetting }
    }
  }
`);

type Ask = <Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

function asking(url: string, token: string): Ask {
  return async (document, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
}

async function everySite(ask: Ask) {
  const found = new Map<string, string>();
  let after: string | null = null;
  for (;;) {
    const { sites }: ResultOf<typeof Sites> = await ask(Sites, { after });
    for (const { id, name } of sites.nodes) found.set(id, name);
    if (!sites.pageInfo.hasNextPage) return { found: found.size, totalCount: sites.totalCount };
    after = sites.pageInfo.endCursor ?? null;
  }
}

async function register(ask: Ask, idempotencyKey: string, name: string, odsCode: string) {
  const { registerSite } = await ask(Register, {
    input: { idempotencyKey, name, odsCode, openedOn: '2025-04-01', subIcb: { odsCode: '15F' } },
  });
  switch (registerSite?.__typename) {
    case 'SiteRegistered':
      return { outcome: registerSite.__typename, id: registerSite.site.id };
    case 'InvalidInput':
      return {
        outcome: registerSite.__typename,
        problems: registerSite.problems.map(({ path, code }) => `${path} ${code}`),
      };
    case 'IdempotencyConflict':
      return { outcome: registerSite.__typename, message: registerSite.message };
    case undefined:
      throw new Error('the command was refused');
    default:
      return registerSite satisfies never;
  }
}

export async function tour(url: string, token: string) {
  const ask = asking(url, token);
  const before = await everySite(ask);
  const first = await register(ask, 'typescript-1', 'Typed Surgery', 'Y90071');
  const repeated = await register(ask, 'typescript-1', 'Typed Surgery', 'Y90071');
  const another = await register(ask, 'typescript-1', 'Another Surgery', 'Y90072');
  const wrong = await register(ask, 'typescript-2', ' ', 'Y90071');
  const { node } = await ask(Again, { id: first?.id ?? '' });
  return { before, first, repeated, another, wrong, node, after: await everySite(ask) };
}
