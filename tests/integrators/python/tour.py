"""What an integrator writes in Python with gql: the schema is downloaded by introspection,
every document is held to it before it is sent, and the sites are paged through to their end.

    python tour.py http://127.0.0.1:8080/graphql TOKEN
"""

import json
import sys

from gql import Client, GraphQLRequest, gql
from gql.transport.requests import RequestsHTTPTransport

SITES = gql(
    """
    query Sites($first: Int!, $after: String) {
      sites(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id name odsCode openedOn placement { region { name } } }
      }
    }
    """
)


def pages(session):
    """Every page of the sites, one after another."""
    after = None
    while True:
        request = GraphQLRequest(SITES, variable_values={"first": 40, "after": after})
        page = session.execute(request)["sites"]
        yield page
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def main(url, token):
    headers = {"authorization": f"Bearer {token}"}
    transport = RequestsHTTPTransport(url=url, headers=headers, retries=0)
    with Client(
        transport=transport,
        fetch_schema_from_transport=True,
        introspection_args={"specified_by_url": True, "input_value_deprecation": True},
    ) as session:
        schema = session.client.schema
        found, total = [], None
        for page in pages(session):
            found += [site["id"] for site in page["nodes"]]
            total = page["totalCount"]
        try:
            session.execute(gql("{ sites { nodes { nmae } } }"))
            misspelt = None
        except Exception as refused:  # what is refused here never left the machine
            misspelt = type(refused).__name__
    return {
        "types": len(schema.type_map),
        "commands": len(schema.mutation_type.fields),
        "date": schema.type_map["Date"].specified_by_url,
        "found": len(set(found)),
        "shown": len(found),
        "total": total,
        "misspelt": misspelt,
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
