// What a page made with Relay asks for: the compiler reads these, and nothing runs them.

import { graphql } from 'relay-runtime';

graphql`
  query TourQuery { ...Tour_sites }
`;

graphql`
  fragment Tour_sites on Query
  @refetchable(queryName: "SitesPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 30 }, cursor: { type: "String" }) {
    sites(first: $count, after: $cursor) @connection(key: "Tour_sites") {
      totalCount
      edges { node { id ...Tour_site } }
    }
  }
`;

graphql`
  fragment Tour_site on Site
  @refetchable(queryName: "OneSiteQuery")
  @argumentDefinitions(changes: { type: "Int", defaultValue: 5 }, cursor: { type: "String" }) {
    name
    odsCode
    version
    history(first: $changes, after: $cursor) @connection(key: "Tour_history") {
      edges { node { type effectiveOn } }
    }
  }
`;

graphql`
  mutation TourRenameMutation($input: RenameSiteInput!) {
    renameSite(input: $input) {
      __typename
      ... on SiteRenamed { site { id ...Tour_site } }
      ... on VersionConflict { current { id name version } }
    }
  }
`;
