//! What many organisations of one answer owe, listed for all of them at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use super::{enums, object::Return};
use crate::{
    domain::{
        error::Failure,
        page::PageRequest,
        returns::{
            ReturnState,
            list::ReturnFilter,
            owed::{self, Owed},
        },
        viewer::Viewer,
    },
    graphql::{
        error::{Result, shared},
        organisations::by::some_of,
        page::{Connected, Total, connected},
        scalars::{self, whole},
    },
    ids::{Month, OrganisationId},
};

/// Lists returns for one viewer.
pub struct Returns(Viewer);

/// Which returns of an organisation, and which page of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    pub states: Option<Vec<ReturnState>>,
    pub months: (Option<Month>, Option<Month>),
    pub request: PageRequest,
}

impl Asked {
    pub fn read(
        states: Option<Vec<enums::ReturnState>>,
        (first, last): (Option<scalars::Month>, Option<scalars::Month>),
        request: PageRequest,
    ) -> Result<Self> {
        let states = some_of("states", states)?;
        Ok(Self {
            states: states.map(|all| all.into_iter().map(Into::into).collect()),
            months: (first.map(|month| month.0), last.map(|month| month.0)),
            request,
        })
    }
}

/// What an organisation owes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OwedBy(OrganisationId, Asked);

impl Loader<OwedBy> for Returns {
    type Value = Owed;
    type Error = Arc<Failure>;

    async fn load(
        &self,
        keys: &[OwedBy],
    ) -> std::result::Result<HashMap<OwedBy, Self::Value>, Self::Error> {
        let mut groups: HashMap<&Asked, Vec<OrganisationId>> = HashMap::new();
        for OwedBy(organisation, asked) in keys {
            groups.entry(asked).or_default().push(*organisation);
        }
        let mut loaded = HashMap::new();
        for (asked, organisations) in groups {
            let (first_month, last_month) = asked.months;
            let states = asked.states.clone();
            let filter = ReturnFilter { states, first_month, last_month, ..Default::default() };
            let found = owed::of_each(&self.0, &organisations, &filter, &asked.request).await?;
            loaded.extend(found.into_iter().map(|(id, owed)| (OwedBy(id, asked.clone()), owed)));
        }
        Ok(loaded)
    }
}

pub fn loader(viewer: &Viewer) -> DataLoader<Returns> {
    // Long enough for the fields of a list to gather, short enough not to be felt.
    let gather = std::time::Duration::from_micros(100);
    let loader = Returns(viewer.clone());
    DataLoader::new(loader, TokioSpawner::current(), TokioTimer::default()).delay(gather)
}

/// What an organisation owes; none where the viewer may not know of it.
pub async fn of(
    ctx: &Context<'_>,
    organisation: OrganisationId,
    asked: Asked,
) -> Result<Option<Connected<Return>>> {
    let loader = ctx.data_unchecked::<DataLoader<Returns>>();
    let owed = loader.load_one(OwedBy(organisation, asked)).await.map_err(shared)?;
    Ok(owed.map(|Owed { page, total }| {
        let total = Total::new(move || async move { Ok(whole(total)) });
        connected(page, total, Return)
    }))
}
