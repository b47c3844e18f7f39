// What Relay's compiler made of the documents is sent to a running server as it stands.

import OneSite from './generated/OneSiteQuery.graphql.js';
import SitesPage from './generated/SitesPaginationQuery.graphql.js';
import Renaming from './generated/TourRenameMutation.graphql.js';

export async function tour(url, token) {
  const ask = async ({ params }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: params.text, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const found = new Set();
  let page = { hasNextPage: true, endCursor: null };
  let totalCount;
  while (page.hasNextPage) {
    const { sites } = await ask(SitesPage, { count: 30, cursor: page.endCursor });
    for (const { node } of sites.edges) found.add(node.id);
    page = sites.pageInfo;
    totalCount = sites.totalCount;
  }
  const [id] = found;
  const { node: before } = await ask(OneSite, { id, changes: 5 });
  const renaming = { id, expectedVersion: before.version, name: 'Refetched Surgery' };
  const { renameSite: renamed } = await ask(Renaming, { input: renaming });
  const { renameSite: late } = await ask(Renaming, { input: renaming });
  const { node: after } = await ask(OneSite, { id, changes: 5 });
  return { found: found.size, totalCount, before, renamed, late, after };
}
