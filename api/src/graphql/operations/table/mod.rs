//! How the answer of a query becomes a table: a row for each item of its list, and a column
//! for each value that it selects.
//!
//! A list may stand in the items of another one; then what is known of the outer item
//! stands in each row of the inner ones. Two lists side by side are no table. Columns are
//! called by their path, without what all of them share and without the wrappings of
//! connections. A connection is followed to its end, or the query is refused: a file that
//! lacks its last pages must not look like a whole one.

mod reading;

use async_graphql::{
    Name, Value, Variables,
    parser::types::{ExecutableDocument, OperationDefinition},
};

use crate::graphql::{limits::prices::Prices, refusal::Refusal};

/// The table that a query's answers become.
#[derive(Debug)]
pub struct Table {
    root: Node,
    columns: Vec<String>,
    pages: Option<Pages>,
    /// Where it stands whether a list has more than it shows.
    guards: Vec<Vec<String>>,
}

/// How to go on to the next page of the outermost list.
#[derive(Debug)]
struct Pages {
    /// Where the connection stands in the answer.
    path: Vec<String>,
    /// The variable that says after what the page begins.
    after: Name,
}

#[derive(Debug)]
enum Node {
    Value(usize),
    Object(Vec<(String, Node)>),
    List(Box<Node>),
}

/// One row: what stands in each column, if anything does.
pub type Row = Vec<Value>;

impl Table {
    /// The table of a query, which the schema is known to have all fields of.
    ///
    /// # Errors
    ///
    /// Where it is none; the sentence says what to change.
    pub(in crate::graphql) fn read(
        prices: &Prices,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Result<Self, Refusal> {
        reading::read(prices, document, operation)
    }

    /// What the columns are called, each once.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows of an answer.
    ///
    /// # Errors
    ///
    /// Where a list within it has more than it shows.
    pub fn rows(&self, answer: &Value) -> Result<Vec<Row>, Refusal> {
        for guard in &self.guards {
            if any(answer, guard) {
                let list = guard.join(".");
                return Err(Refusal::bad_request(format!(
                    "A list has more than one page of it holds ({list}): ask for larger pages, \
                     or for that list by itself."
                )));
            }
        }
        let (row, mut rows) = (vec![Value::Null; self.columns.len()], Vec::new());
        spread(&self.root, answer, row, false, &mut rows);
        Ok(rows)
    }

    /// Sets the variables to those of the page after this answer; false where it was the last.
    pub fn go_on(&self, answer: &Value, variables: &mut Variables) -> bool {
        let Some(pages) = &self.pages else { return false };
        let mut connection = Some(answer);
        for key in &pages.path {
            connection = connection.and_then(|value| member(value, key));
        }
        let info = connection.and_then(|connection| member(connection, "pageInfo"));
        let more = info.and_then(|info| member(info, "hasNextPage"));
        let cursor = info.and_then(|info| member(info, "endCursor"));
        match (more, cursor) {
            (Some(Value::Boolean(true)), Some(cursor @ Value::String(_))) => {
                variables.insert(pages.after.clone(), cursor.clone());
                true
            }
            _ => false,
        }
    }
}

fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(key),
        _ => None,
    }
}

/// Whether a flag is set anywhere along a path that may lead through lists; the keys of a
/// connection's items are not in the path.
fn any(value: &Value, path: &[String]) -> bool {
    match (value, path) {
        (Value::Boolean(flag), []) => *flag,
        (Value::List(items), _) => items.iter().any(|item| any(item, path)),
        (Value::Object(members), [first, rest @ ..]) => {
            let through = ["nodes", "edges", "node"].map(|wrapping| members.get(wrapping));
            members.get(first.as_str()).is_some_and(|inner| any(inner, rest))
                || through.into_iter().flatten().any(|inner| any(inner, path))
        }
        _ => false,
    }
}

/// Fills a row with what stands beside the list, and gives one for each of its items.
fn spread(node: &Node, value: &Value, mut row: Row, is_item: bool, rows: &mut Vec<Row>) {
    let list = fill(node, value, &mut row);
    match list {
        Some((item, items)) if !items.is_empty() => {
            for value in items {
                spread(item, value, row.clone(), true, rows);
            }
        }
        // Whatever has an empty list has a row still, if it is an item itself or anything is
        // known of it.
        _ if is_item || row.iter().any(|value| *value != Value::Null) => rows.push(row),
        _ => {}
    }
}

/// Puts the values of an object into a row; gives its list, if it has one.
fn fill<'n, 'v>(
    node: &'n Node,
    value: &'v Value,
    row: &mut Row,
) -> Option<(&'n Node, &'v [Value])> {
    match (node, value) {
        (Node::Value(column), value) => {
            if let Some(cell) = row.get_mut(*column) {
                cell.clone_from(value);
            }
            None
        }
        (Node::Object(fields), Value::Object(members)) => {
            let mut list = None;
            for (key, node) in fields {
                if let Some(value) = members.get(key.as_str()) {
                    list = fill(node, value, row).or(list);
                }
            }
            list
        }
        (Node::List(item), Value::List(items)) => Some((item, items)),
        (Node::Object(_) | Node::List(_), _) => None,
    }
}
