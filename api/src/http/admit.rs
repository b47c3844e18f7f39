//! What stands between a request that was read and its running: its document, if it names
//! a registered one; whether its sender may send such documents; what it costs, and whether
//! there is so much left to spend. A file that is no query's has a price of its own.

use actix_web::HttpRequest;
use async_graphql::Request;
use entity::api_client::Documents;

use super::{Door, budget::Account};
use crate::{
    auth::actor::{Actor, Client},
    domain::{operations, usage, viewer::Viewer},
    graphql::{
        self,
        engine::Call,
        limits::Admitted,
        operations::Checks,
        rate_limit::RateLimit,
        refusal::{Code, Refusal},
    },
};

/// What a refused document costs, so that trying is not free.
const REFUSED: u64 = 1;

/// What clients wait for that persist queries by themselves, letter by letter.
const NOT_FOUND: &str = "PersistedQueryNotFound";

/// What a file costs that is no query's, at least.
const FILE: u64 = 10_000;

impl Door {
    /// Admits a call, and takes its cost from an account.
    ///
    /// # Errors
    ///
    /// Where the document is not one that may run, or the account is spent.
    pub(super) fn admit(
        &self,
        call: &mut Call,
        viewer: &Viewer,
        account: Option<&Account>,
    ) -> Result<(Admitted, Option<RateLimit>), Refusal> {
        let admitted = find(call, viewer).and_then(|()| self.engine.admit(call));
        let cost = admitted.as_ref().map_or(REFUSED, |admitted| admitted.cost);
        let charge = |account| self.budgets.charge(account, cost, viewer.now());
        let left = account.map(charge).transpose()?;
        let admitted = admitted?;
        registered(call, viewer)?;
        usage::note(viewer, &admitted.used);
        Ok((admitted, left))
    }

    /// Whether somebody who was let in with a document may still go on with it.
    ///
    /// # Errors
    ///
    /// Where they are held to registered documents by now, and it is none.
    pub(super) fn may_go_on(&self, call: &Call, viewer: &Viewer) -> Result<(), Refusal> {
        match unregistered(call, viewer) {
            Some((_, Documents::Registered, digest)) => Err(not_registered(&digest)),
            _ => Ok(()),
        }
    }

    /// Admits the making of a file that is no query's, and takes its cost from the sender's
    /// account: one for each of its figures, where so much is known of it before it is made,
    /// but no more than a whole account.
    ///
    /// # Errors
    ///
    /// Where the sender may send registered documents alone, or the account is spent.
    pub(super) fn admit_file(
        &self,
        request: &HttpRequest,
        viewer: &Viewer,
        figures: Option<usize>,
    ) -> Result<Option<RateLimit>, Refusal> {
        if let Some((client, documents)) = held(viewer) {
            usage::note_unregistered(viewer, client, &format!("GET {}", request.path()));
            if documents == Documents::Registered {
                let sentence = "This client may send registered documents alone: ask for the file \
                                of a registered query.";
                return Err(Refusal::new(Code::Forbidden, sentence));
            }
        }
        let account = self.budgets.account(self.budgets.address(request), viewer);
        let cost = figures.map_or(FILE, |figures| FILE.max(figures as u64));
        let charge = |account| self.budgets.charge_up_to(account, cost, viewer.now());
        account.as_ref().map(charge).transpose()
    }

    /// Puts into a request whose it is, and what it may need of the door.
    pub(super) fn furnish(
        &self,
        request: Request,
        viewer: &Viewer,
        left: &Option<RateLimit>,
    ) -> Request {
        let request = graphql::furnish(request, viewer.clone()).data(Checks(self.engine.clone()));
        match left {
            Some(left) => request.data(left.clone()),
            None => request,
        }
    }
}

/// Puts in the registered document that a call names.
fn find(call: &mut Call, viewer: &Viewer) -> Result<(), Refusal> {
    let Some(digest) = &call.document_id else { return Ok(()) };
    if !call.query.is_empty() {
        return match operations::digest(&call.query) == *digest {
            true => Ok(()),
            false => Err(Refusal::bad_request("The query is not the one of that digest.")),
        };
    }
    let found = operations::with_digest(viewer, digest);
    let found = found.ok_or_else(|| {
        Refusal::bad_request(match call.persists {
            true => NOT_FOUND,
            false => {
                "No document of that digest is registered for you: send the query itself, or \
                 have it registered."
            }
        })
    })?;
    call.query.clone_from(&found.document);
    Ok(())
}

/// Lets a client that is held to registered documents send no others.
fn registered(call: &Call, viewer: &Viewer) -> Result<(), Refusal> {
    let Some((client, documents, digest)) = unregistered(call, viewer) else { return Ok(()) };
    usage::note_unregistered(viewer, client, &call.query);
    match documents {
        Documents::Any | Documents::Report => Ok(()),
        Documents::Registered => Err(not_registered(&digest)),
    }
}

/// Whose document it is and by which digest, where its sender is held to anything and it is
/// not registered for them.
fn unregistered(call: &Call, viewer: &Viewer) -> Option<(i64, Documents, String)> {
    let (client, documents) = held(viewer)?;
    let digest = operations::digest(&call.query);
    let known = operations::with_digest(viewer, &digest).is_some();
    (!known).then_some((client, documents, digest))
}

fn not_registered(digest: &str) -> Refusal {
    let sentence =
        format!("This client may send registered documents alone; sha256:{digest} is none.");
    Refusal::new(Code::Forbidden, sentence)
}

/// Which client sends it, if that is held to anything.
fn held(viewer: &Viewer) -> Option<(i64, Documents)> {
    let Actor::Holder(holder) = viewer.actor() else { return None };
    let Client { id, terms, .. } = holder.client.as_ref()?;
    (terms.documents != Documents::Any).then_some((*id, terms.documents))
}
