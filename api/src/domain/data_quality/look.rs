//! Looking for issues: every rule, over some organisations at once.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, StreamTrait};

use super::{Issue, Rule, acceptances, figures, missing, register};
use crate::domain::{
    directory::{Directory, organisation::Organisation},
    metrics::catalogue::Catalogue,
};

/// What is looked at, and when.
pub(super) struct Look<'a, C> {
    pub connection: &'a C,
    pub directory: &'a Directory,
    pub catalogue: &'a Catalogue,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
}

/// What is found of some organisations, in their order and, within one, of the keys, each
/// with its acceptance if there is one. Without rules all of them are looked for.
pub(super) async fn look<C: ConnectionTrait + StreamTrait>(
    look: &Look<'_, C>,
    organisations: &[Arc<Organisation>],
    rules: Option<&[Rule]>,
) -> Result<Vec<Issue>, DbErr> {
    let wanted = |rule: Rule| rules.is_none_or(|rules| rules.contains(&rule));
    let mut found = Vec::new();
    for organisation in organisations {
        if wanted(Rule::SiteWithoutPlacement) {
            found.extend(register::without_placement(organisation, look.today));
        }
        if wanted(Rule::DisputedSuccession) {
            found.extend(register::disputed(look.directory, organisation, look.today));
        }
    }
    if wanted(Rule::MissingReturn) {
        found.extend(missing::returns(look, organisations).await?);
    }
    if wanted(Rule::Outlier) || wanted(Rule::StaleProvisional) {
        let of_figures = figures::issues(look, organisations).await?;
        found.extend(of_figures.into_iter().filter(|issue| wanted(issue.rule)));
    }
    let place =
        |issue: &Issue| organisations.iter().position(|each| each.id() == issue.organisation.id());
    found.sort_by_cached_key(|issue| (place(issue), issue.key.clone()));
    acceptances::put(look.connection, &mut found).await?;
    Ok(found)
}
