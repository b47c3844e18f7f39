//! What a query may ask for, decided before any of it runs.
//!
//! async-graphql has limits of its own, but a small query passes them all and keeps a
//! processor busy for ever: its checks visit fragments wherever they are spread, and
//! its complexity counts fields where rows cost. So every document is measured here
//! first, in time that grows with its length alone. Documents that passed are kept
//! parsed; only their cost, which depends on the variables, is counted every time.

mod coordinates;
mod cost;
pub(in crate::graphql) mod prices;
mod shape;
mod tokens;

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{
    Variables,
    parser::{
        Error, parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use moka::sync::Cache;

use self::prices::Prices;
use super::refusal::{Code, Refusal};
use crate::{config::Limits, domain::usage::Coordinates};

/// The memory that parsed documents may take together, by a cautious estimate.
const KEPT_BYTES: u64 = 32 << 20;
/// What one token becomes in a parsed document, at most.
const BYTES_PER_TOKEN: usize = 400;

/// The way in for every document, whoever sends it.
pub struct Gate {
    limits: Limits,
    introspection: bool,
    prices: Prices,
    documents: Cache<Arc<str>, Arc<Checked>>,
}

/// A document within all the limits that do not depend on variables.
struct Checked {
    document: Arc<ExecutableDocument>,
    tokens: usize,
    /// What each of its operations uses, once that was worked out.
    used: Mutex<Vec<(Option<String>, Coordinates)>>,
}

/// A request that may run.
#[derive(Debug)]
pub struct Admitted {
    pub document: Arc<ExecutableDocument>,
    pub kind: OperationType,
    pub cost: u64,
    /// What of the schema it uses.
    pub used: Coordinates,
}

impl Gate {
    /// `sdl` is the schema's own printing; an error means that it cannot be read back.
    pub fn new(sdl: &str, limits: Limits, introspection: bool) -> Result<Self, Error> {
        let weight = |query: &Arc<str>, checked: &Arc<Checked>| {
            let bytes = 2 * query.len() + BYTES_PER_TOKEN * checked.tokens;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let documents = Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).build();
        Ok(Self { limits, introspection, prices: Prices::read(sdl)?, documents })
    }

    /// What is known of the schema.
    pub(in crate::graphql) fn prices(&self) -> &Prices {
        &self.prices
    }

    /// The largest cost that is admitted.
    pub fn max_cost(&self) -> u64 {
        self.limits.cost
    }

    /// Admits one operation of a document, or says why not.
    pub fn admit(
        &self,
        query: &str,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> Result<Admitted, Refusal> {
        let checked = self.checked(query)?;
        let document = &checked.document;
        let operation = operation(document, operation_name)?;
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        if operation.ty == OperationType::Subscription {
            shape::has_one_root(operation)?;
        }
        let counted = cost::count(&self.prices, document, operation, root, variables);
        self.may_introspect(counted.introspection)?;
        if counted.cost > self.limits.cost {
            return Err(Refusal::too_complex("The cost", counted.cost, self.limits.cost));
        }
        let used = checked.used(operation_name, || {
            coordinates::of(&self.prices, document, operation, root).into_iter().collect()
        });
        let document = Arc::clone(document);
        Ok(Admitted { document, kind: operation.ty, cost: counted.cost, used })
    }

    fn may_introspect(&self, cost: u64) -> Result<(), Refusal> {
        let limit = self.prices.introspection_limit();
        match cost {
            0 => Ok(()),
            _ if !self.introspection => {
                Err(Refusal::new(Code::Forbidden, "Introspection is switched off here."))
            }
            _ if cost > limit => {
                Err(Refusal::too_complex("The cost of introspection", cost, limit))
            }
            _ => Ok(()),
        }
    }

    fn checked(&self, query: &str) -> Result<Arc<Checked>, Refusal> {
        if let Some(known) = self.documents.get(query) {
            return Ok(known);
        }
        let tokens = tokens::count(query, self.limits.tokens)?;
        let document = parse_query(query).map_err(|error| syntax(&error))?;
        shape::check(&document, &self.limits)?;
        let checked =
            Arc::new(Checked { document: Arc::new(document), tokens, used: Mutex::default() });
        self.documents.insert(query.into(), Arc::clone(&checked));
        Ok(checked)
    }
}

impl Checked {
    fn used(&self, operation: Option<&str>, work_out: impl FnOnce() -> Coordinates) -> Coordinates {
        let mut known = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, used)) = known.iter().find(|(name, _)| name.as_deref() == operation) {
            return used.clone();
        }
        let used = work_out();
        known.push((operation.map(str::to_owned), used.clone()));
        used
    }
}

pub(in crate::graphql) fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refusal> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next()
        }
        (DocumentOperations::Multiple(_), None) => {
            return Err(Refusal::bad_request(
                "The document has several operations: say in operationName which one to run.",
            ));
        }
    };
    found
        .map(|operation| &operation.node)
        .ok_or_else(|| Refusal::bad_request("The document has no operation of that name."))
}

/// The parser's complaint without the line that it quotes, which may be very long.
fn syntax(error: &Error) -> Refusal {
    let message = error.to_string();
    let reason = message.lines().last().unwrap_or_default().trim_start_matches([' ', '=']);
    let refusal = Refusal::bad_request(format!("The query cannot be read: {reason}."));
    match error.positions().next() {
        Some(place) => refusal.at(place),
        None => refusal,
    }
}

#[cfg(test)]
mod tests;
