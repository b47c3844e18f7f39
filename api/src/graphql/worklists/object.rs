//! A worklist, as clients see it.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use super::enums::WorklistKind;
use crate::{
    domain::{
        page::PageRequest,
        worklists::{About, Item, Kind, list},
    },
    graphql::{
        enrolments::object::Enrolment,
        error::Result,
        ids::id_of,
        page::{Connected, Total, connected},
        programme::framework::Competency,
        returns::object::Return,
        scalars::Date,
    },
};

#[derive(Clone)]
pub struct Worklist(pub Arc<list::Worklist>);

/// What waits for somebody today, worked out from the records as they are.
#[Object]
impl Worklist {
    /// What waits, the most urgent first: what is due by its day, then the rest by how
    /// long it has waited.
    async fn items(
        &self,
        #[graphql(desc = "Only these kinds; at least one.")] kinds: Option<Vec<WorklistKind>>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<WorklistItem>> {
        let kinds: Option<Vec<Kind>> =
            kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let page =
            list::page(&self.0, kinds.as_deref(), &PageRequest { first, after, last, before })?;
        let all = self.0.clone();
        let total = Total::new(move || {
            let count = list::count(&all, kinds.as_deref());
            async move { Ok(i32::try_from(count).unwrap_or(i32::MAX)) }
        });
        Ok(connected(page, total, WorklistItem::from))
    }

    /// How many of each kind wait, of those kinds that any do.
    async fn counts(&self) -> Vec<WorklistCount> {
        let count = |kind| (kind, list::count(&self.0, Some(&[kind])));
        let counts = Kind::ALL.into_iter().map(count).filter(|(_, count)| *count > 0);
        let counts = counts.map(|(kind, count)| WorklistCount {
            kind: kind.into(),
            count: i32::try_from(count).unwrap_or(i32::MAX),
        });
        counts.collect()
    }
}

/// How many things of one kind wait.
#[derive(SimpleObject)]
pub struct WorklistCount {
    /// The kind.
    kind: WorklistKind,
    /// How many.
    count: i32,
}

/// One thing that waits.
#[derive(SimpleObject)]
pub struct WorklistItem {
    /// Why it is on the list.
    kind: WorklistKind,
    /// The enrolment that it is about; null for a return.
    enrolment: Option<Enrolment>,
    /// The id of the extension that is to be decided.
    extension_id: Option<ID>,
    /// The competency that is to be assessed.
    competency: Option<Competency>,
    /// The return that is to be submitted.
    #[graphql(name = "return")]
    owed: Option<Return>,
    /// The day from which it has been on the list.
    since: Date,
    /// The day until which it should be done; null where none is set.
    due: Option<Date>,
    /// What is so, and what to do about it; nothing of who anybody is.
    sentence: String,
}

impl From<Item> for WorklistItem {
    fn from(item: Item) -> Self {
        let (mut enrolment, mut extension, mut competency, mut owed) = (None, None, None, None);
        match item.about {
            About::Enrolment(it) => enrolment = Some(it),
            About::Extension(it, id) => (enrolment, extension) = (Some(it), Some(id)),
            About::Competency(it, of, _) => (enrolment, competency) = (Some(it), Some(of)),
            About::Return(it) => owed = Some(*it),
        }
        Self {
            kind: item.kind.into(),
            enrolment: enrolment.map(Enrolment),
            extension_id: extension.map(|id| id_of("Extension", id)),
            competency: competency.map(Competency),
            owed: owed.map(Return),
            since: Date(item.since),
            due: item.due.map(Date),
            sentence: item.sentence,
        }
    }
}
