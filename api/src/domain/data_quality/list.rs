//! Listing issues, organisation by organisation, no further than a page needs.

use std::sync::Arc;

use entity::organisation::Kind;

use super::{
    Issue, IssueState, Rule, acceptances,
    look::{Look, look},
};
use crate::{
    auth::{action::Action, actor::Actor, policy::Reach},
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        organisations::{OrganisationBy, resolve},
        page::{By, Key, Page, PageRequest, Window},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// As many organisations as are looked at together, at first and at most: a page is
/// mostly filled by the first few, and what finds nothing goes on in longer steps.
const AT_FIRST: usize = 20;
const AT_MOST: usize = 80;

/// Which issues a list shows; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct IssueFilter {
    pub rules: Option<Vec<Rule>>,
    /// Of this organisation.
    pub organisation: Option<OrganisationBy>,
    /// Of this one and of those that sit within it today.
    pub within: Option<OrganisationBy>,
    pub state: Option<IssueState>,
}

/// One page of the issues within the viewer's reach, by organisation.
pub async fn list(
    viewer: &Viewer,
    filter: &IssueFilter,
    request: &PageRequest,
) -> Result<Page<Issue>, Failure> {
    let window = request.window()?;
    let mut organisations = organisations(viewer, filter).await?;
    let edge = |key: &Option<Key>| key.as_ref().map(|key| key.id);
    let (after, before) = (edge(&window.after), edge(&window.before));
    organisations.retain(|each| {
        after.is_none_or(|after| each.id() >= after)
            && before.is_none_or(|before| each.id() <= before)
    });
    if window.backward {
        organisations.reverse();
    }
    let mut items = Vec::new();
    let mut walk = Walk { viewer, filter, left: &organisations, step: AT_FIRST };
    while items.len() <= window.size
        && let Some(mut found) = walk.next().await?
    {
        found.retain(|issue| is_between(issue, &window));
        if window.backward {
            found.sort_by_cached_key(|issue| std::cmp::Reverse(key(issue)));
        }
        items.extend(found);
    }
    let more = items.len() > window.size;
    items.truncate(window.size);
    if window.backward {
        items.reverse();
    }
    let items = items.into_iter().map(|issue| (cursor(&issue), issue)).collect();
    let has_next = if window.backward { window.before.is_some() } else { more };
    let has_previous = if window.backward { more } else { window.after.is_some() };
    Ok(Page { items, has_next, has_previous })
}

/// How many issues a filter lets through: all of them are looked for.
pub async fn count(viewer: &Viewer, filter: &IssueFilter) -> Result<usize, Failure> {
    let organisations = organisations(viewer, filter).await?;
    let mut walk = Walk { viewer, filter, left: &organisations, step: AT_MOST };
    let mut count = 0;
    while let Some(found) = walk.next().await? {
        count += found.len();
    }
    Ok(count)
}

/// The organisations whose issues the viewer may see, in the order of their ids.
async fn organisations(
    viewer: &Viewer,
    filter: &IssueFilter,
) -> Result<Vec<Arc<Organisation>>, Failure> {
    let reach = viewer.reach(Action::ReadDataQuality);
    if reach == Reach::Nowhere {
        return match viewer.actor() {
            Actor::Public => Err(Failure::Unauthenticated),
            Actor::Holder(_) => Ok(Vec::new()),
        };
    }
    let (directory, today) = (viewer.directory(), viewer.today());
    let id = |by: &Option<OrganisationBy>| match by {
        None => Some(None),
        Some(by) => resolve(&directory, by, today).map(|found| Some(found.clone())),
    };
    let (Some(itself), Some(within)) = (id(&filter.organisation), id(&filter.within)) else {
        return Ok(Vec::new());
    };
    let is_among = |each: &&Arc<Organisation>| {
        itself.as_ref().is_none_or(|itself| itself.id() == each.id())
            && within.as_ref().is_none_or(|place| {
                place.kind() == Kind::Programme
                    || place.id() == each.id()
                    || each.placed_within(place.id(), today)
            })
            && directory.covers(&reach, each, today)
    };
    let mut among: Vec<_> = directory.all().filter(is_among).cloned().collect();
    if filter.state == Some(IssueState::Accepted) {
        let accepted = acceptances::organisations(&viewer.store().reader).await?;
        among.retain(|each| accepted.contains(&each.id()));
    }
    among.sort_unstable_by_key(|each| each.id());
    Ok(among)
}

/// The way through organisations.
struct Walk<'a> {
    viewer: &'a Viewer,
    filter: &'a IssueFilter,
    left: &'a [Arc<Organisation>],
    step: usize,
}

impl Walk<'_> {
    /// What is found of the next few; none when there are no more.
    async fn next(&mut self) -> Result<Option<Vec<Issue>>, Failure> {
        if self.left.is_empty() {
            return Ok(None);
        }
        let (few, left) = self.left.split_at(self.step.min(self.left.len()));
        (self.left, self.step) = (left, (self.step * 2).min(AT_MOST));
        let viewer = self.viewer;
        let mut found = of(viewer, few, self.filter.rules.as_deref()).await?;
        found.retain(|issue| self.filter.state.is_none_or(|state| issue.state() == state));
        Ok(Some(found))
    }
}

/// What is found of some organisations, which must be within reach.
pub(super) async fn of(
    viewer: &Viewer,
    organisations: &[Arc<Organisation>],
    rules: Option<&[Rule]>,
) -> Result<Vec<Issue>, Failure> {
    let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
    let at = Look {
        connection: &viewer.store().reader,
        directory: &directory,
        catalogue: &catalogue,
        now: viewer.now(),
        today: viewer.today(),
    };
    Ok(look(&at, organisations, rules).await?)
}

/// Where an issue stands in the list.
fn key(issue: &Issue) -> (OrganisationId, String) {
    (issue.organisation.id(), issue.key.clone())
}

fn cursor(issue: &Issue) -> Key<'static> {
    Key { by: By::Text(issue.key.clone().into()), id: issue.organisation.id() }
}

fn is_between(issue: &Issue, window: &Window) -> bool {
    let edge = |key: &Option<Key>| {
        key.as_ref().map(|edge| {
            let text = match &edge.by {
                By::Text(text) => text.clone().into_owned(),
                By::Nothing | By::Number(_) => String::new(),
            };
            (edge.id, text)
        })
    };
    let key = key(issue);
    edge(&window.after).is_none_or(|after| key > after)
        && edge(&window.before).is_none_or(|before| key < before)
}
