//! Reading from a query's selection what its rows and columns are.

use std::collections::HashSet;

use async_graphql::{
    Value,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};

use super::{Node, Pages, Table};
use crate::graphql::{
    limits::prices::{Prices, Rows},
    refusal::Refusal,
};

pub(super) fn read(
    prices: &Prices,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<Table, Refusal> {
    let mut reading = Reading {
        prices,
        document,
        columns: Vec::new(),
        pages: None,
        guards: Vec::new(),
        path: Vec::new(),
        lists: 0,
    };
    let sets = [&operation.selection_set.node];
    let root = reading.object(&sets, "Query", Wrapping::None)?;
    let Reading { columns, pages, guards, .. } = reading;
    if columns.is_empty() {
        return Err(Refusal::bad_request("The query selects nothing that a row could hold."));
    }
    let columns = shortened(columns);
    let mut seen = HashSet::new();
    if let Some(twice) = columns.iter().find(|name| !seen.insert(*name)) {
        return Err(Refusal::bad_request(format!(
            "Two columns would be called {twice}: give one of them another name, such as \
             `other: {twice}`."
        )));
    }
    Ok(Table { root, columns, pages, guards })
}

/// What a selection set stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    None,
    Connection,
    Edge,
}

struct Reading<'a> {
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    columns: Vec<Vec<String>>,
    pages: Option<Pages>,
    guards: Vec<Vec<String>>,
    path: Vec<String>,
    lists: usize,
}

/// The fields of one key of an answer: more than one, where fragments name it again.
struct Member<'a> {
    key: String,
    owner: &'a str,
    field: &'a Field,
    sets: Vec<&'a SelectionSet>,
    /// Whether it is in every answer, whatever the variables are.
    always: bool,
}

impl<'a> Reading<'a> {
    fn object(
        &mut self,
        sets: &[&'a SelectionSet],
        type_name: &'a str,
        wrapping: Wrapping,
    ) -> Result<Node, Refusal> {
        let mut members = Vec::new();
        for set in sets {
            self.gather(set, type_name, true, &mut members, &mut HashSet::new());
        }
        let mut fields = Vec::new();
        let mut list: Option<String> = None;
        for member in members {
            let name = member.field.name.node.as_str();
            if wrapping == Wrapping::Connection && matches!(name, "pageInfo" | "totalCount") {
                continue;
            }
            let (key, before) = (member.key.clone(), self.lists);
            let node = self.member(member, wrapping)?;
            if self.lists > before {
                if let Some(other) = list {
                    return Err(Refusal::bad_request(format!(
                        "{other} and {key} are lists side by side, which is no table: ask for one."
                    )));
                }
                list = Some(key.clone());
            }
            fields.push((key, node));
        }
        Ok(Node::Object(fields))
    }

    fn member(&mut self, member: Member<'a>, around: Wrapping) -> Result<Node, Refusal> {
        let name = member.field.name.node.as_str();
        let price = self.prices.of(member.owner, name);
        let rows = price.map_or(Rows::One, |price| price.rows);
        // The items of a connection are called as the connection is.
        let wraps = rows == Rows::Page || around == Wrapping::Edge && name == "node";
        if !wraps {
            self.path.push(member.key.clone());
        }
        let node = match price {
            Some(price) if !member.sets.is_empty() => match rows {
                Rows::One => self.object(&member.sets, &price.result, Wrapping::None),
                Rows::Connection { .. } => self.connection(&member, &price.result),
                Rows::Page => {
                    self.lists += 1;
                    let of_edges = name == "edges";
                    let inner = if of_edges { Wrapping::Edge } else { Wrapping::None };
                    let item = self.object(&member.sets, &price.result, inner);
                    item.map(|item| Node::List(item.into()))
                }
                Rows::List | Rows::Some(_) | Rows::PagedList { .. } | Rows::Ids => {
                    self.lists += 1;
                    let item = self.object(&member.sets, &price.result, Wrapping::None);
                    item.map(|item| Node::List(item.into()))
                }
            },
            _ => {
                self.columns.push(self.path.clone());
                Ok(Node::Value(self.columns.len() - 1))
            }
        };
        if !wraps {
            self.path.pop();
        }
        node
    }

    /// A connection shows one page: the outermost is followed, others must have no more.
    fn connection(&mut self, member: &Member<'a>, result: &'a str) -> Result<Node, Refusal> {
        let outermost = self.lists == 0;
        let (path, key) = (self.path.clone(), &member.key);
        let lists = self.lists;
        let node = self.object(&member.sets, result, Wrapping::Connection)?;
        if self.lists == lists {
            return Ok(node);
        }
        if ["last", "before"].iter().any(|name| member.field.get_argument(name).is_some()) {
            return Err(Refusal::bad_request(format!(
                "{key} is asked for from its end: ask for `first`, from which a file goes on."
            )));
        }
        let info = self.page_info(&member.sets, result);
        // A cursor is a text, so what keeps one from being constant is that it is a variable.
        let after = member.field.get_argument("after");
        let after =
            after.and_then(|value| value.node.clone().into_const_with(Err::<Value, _>).err());
        match after {
            Some(after)
                if outermost && info.contains("endCursor") && info.contains("hasNextPage") =>
            {
                self.pages = Some(Pages { path, after });
            }
            _ if outermost => {
                return Err(Refusal::bad_request(format!(
                    "{key} has pages: give it `after: $after`, and select \
                     `pageInfo {{ hasNextPage endCursor }}`, so that all of them are in the file."
                )));
            }
            _ if info.contains("hasNextPage") => {
                let guard = path.into_iter().chain(["pageInfo", "hasNextPage"].map(str::to_owned));
                self.guards.push(guard.collect());
            }
            _ => {
                return Err(Refusal::bad_request(format!(
                    "{key} has pages, of which each row would hold one: select \
                     `pageInfo {{ hasNextPage }}` in it, so that none can be missed."
                )));
            }
        }
        Ok(node)
    }

    /// What a connection's selection always asks of `pageInfo`, under the very names.
    fn page_info(&self, sets: &[&'a SelectionSet], type_name: &'a str) -> HashSet<String> {
        let mut members = Vec::new();
        for set in sets {
            self.gather(set, type_name, true, &mut members, &mut HashSet::new());
        }
        let mut asked = Vec::new();
        for info in members.iter().filter(|member| member.key == "pageInfo") {
            for set in &info.sets {
                self.gather(set, "PageInfo", info.always, &mut asked, &mut HashSet::new());
            }
        }
        let named =
            |member: &Member<'_>| member.always && member.key == member.field.name.node.as_str();
        asked.into_iter().filter(named).map(|member| member.key).collect()
    }

    /// The members of an object, those of fragments among them; one for each key. A set that
    /// is not always selected has none that are.
    fn gather(
        &self,
        set: &'a SelectionSet,
        type_name: &'a str,
        always: bool,
        members: &mut Vec<Member<'a>>,
        seen: &mut HashSet<&'a str>,
    ) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let key = field.response_key().node.to_string();
                    let inner = &field.selection_set.node;
                    let inner = Some(inner).filter(|inner| !inner.items.is_empty());
                    let always = always && field.directives.is_empty();
                    match members.iter_mut().find(|member| member.key == key) {
                        Some(known) => {
                            known.sets.extend(inner);
                            known.always |= always;
                        }
                        None => {
                            let sets = inner.into_iter().collect();
                            members.push(Member { key, owner: type_name, field, sets, always });
                        }
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(type_name, |condition| &condition.node.on.node);
                    let always = always && inline.node.directives.is_empty();
                    self.gather(&inline.node.selection_set.node, on, always, members, seen);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if seen.insert(name) {
                        let on = &fragment.node.type_condition.node.on.node;
                        let always = always && spread.node.directives.is_empty();
                        self.gather(&fragment.node.selection_set.node, on, always, members, seen);
                    }
                }
            }
        }
    }
}

/// The paths without what all of them begin with, as texts; the last part always stays.
fn shortened(paths: Vec<Vec<String>>) -> Vec<String> {
    let shared = |part: usize| {
        let first = paths.first().and_then(|path| path.get(part));
        paths.iter().all(|path| path.len() > part + 1 && path.get(part) == first)
    };
    let begins = (0..).take_while(|part| shared(*part)).count();
    paths.iter().map(|path| path.get(begins..).unwrap_or_default().join(".")).collect()
}
