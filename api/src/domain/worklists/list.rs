//! The lists of training hubs, sites, providers and assessors, each within what the
//! viewer may do: for many organisations at once, in as many statements as for one.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{assessment::AssessmentState, enrolment::State, organisation};

use super::{About, Item, Kind, rules};
use crate::{
    auth::{action::Action, policy::Reach},
    domain::{
        assessments::{rows, rules::is_assessed},
        directory::{Directory, organisation::Organisation},
        error::Failure,
        page::{self, By, Direction, Key, Page, PageRequest},
        records::{Enrolment, Records, enrolment::is_over, reach::Within},
        returns::{self, Return, list::ReturnFilter},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// What a training hub's list shows.
const OF_HUBS: [Kind; 9] = [
    Kind::Overdue,
    Kind::DueWithin30Days,
    Kind::ReturnOverdue,
    Kind::ExtensionWaiting,
    Kind::VerificationWaiting,
    Kind::Referred,
    Kind::NoMentor,
    Kind::NoEvidence60Days,
    Kind::StatusDisagreement,
];
const OF_SITES: [Kind; 8] = [
    Kind::Overdue,
    Kind::DueWithin30Days,
    Kind::ReturnOverdue,
    Kind::ExtensionWaiting,
    Kind::Referred,
    Kind::NoMentor,
    Kind::NoEvidence60Days,
    Kind::StatusDisagreement,
];
const OF_PROVIDERS: [Kind; 1] = [Kind::VerificationWaiting];
const OF_ASSESSORS: [Kind; 5] = [
    Kind::Overdue,
    Kind::DueWithin30Days,
    Kind::EvidenceWaiting,
    Kind::Referred,
    Kind::NoEvidence60Days,
];

/// The most urgent thing first.
pub type Worklist = Vec<Item>;

/// The lists of those of the organisations whose lists the viewer may read.
pub async fn of_organisations(
    viewer: &Viewer,
    organisations: &[OrganisationId],
) -> Result<HashMap<OrganisationId, Worklist>, Failure> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let reach = viewer.reach(Action::ReadWorklist);
    let readable = |id: &OrganisationId| {
        let found = directory.find(*id)?;
        may_read(&directory, &reach, found, viewer).then(|| found.clone())
    };
    let organisations: Vec<Arc<Organisation>> = organisations.iter().filter_map(readable).collect();
    if organisations.is_empty() {
        return Ok(HashMap::new());
    }
    let within = Within::new(viewer, &directory, &records, reach);
    let candidates = candidates(&records, &organisations);
    let mine: Vec<_> = candidates.into_iter().filter(|it| within.enrolment(it)).collect();
    let days = last_days(viewer, &mine).await?;
    let overdue = overdue(viewer, &organisations).await?;
    let today = viewer.today();
    let mut waiting: Vec<(&Arc<Enrolment>, Vec<Item>)> = Vec::with_capacity(mine.len());
    for it in &mine {
        waiting.push((it, rules::of_enrolment(it, days.get(&it.row.id).copied(), today)));
    }
    let mut lists = HashMap::with_capacity(organisations.len());
    for organisation in organisations {
        let own = Within::new(viewer, &directory, &records, own(&organisation));
        let kinds = kinds(&organisation);
        let here = waiting.iter().filter(|(it, _)| own.enrolment(it));
        let items = here.flat_map(|(_, items)| items).cloned();
        let owed = overdue.iter().filter(|it| own.organisation(it.organisation.id()));
        let items = items.chain(owed.filter_map(of_return));
        lists.insert(organisation.id(), in_order(items, kinds));
    }
    Ok(lists)
}

/// What waits for whoever assesses: of an assessor, the enrolments that they are assigned
/// to; of a hub or a site, all of theirs.
pub async fn inbox(viewer: &Viewer) -> Result<Worklist, Failure> {
    viewer.permit(Action::ReadWorklist)?;
    let (directory, records) = (viewer.directory(), viewer.records());
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadWorklist));
    let open = records.enrolments().filter(|it| !is_over(it.row.state) && within.enrolment(it));
    let open: Vec<Arc<Enrolment>> = open.cloned().collect();
    let ids: BTreeSet<i64> = open.iter().map(|it| it.row.id).collect();
    let newest = rows::newest_of(&viewer.store().reader, ids).await?;
    let (mut items, catalogue) = (Vec::new(), viewer.catalogue());
    for it in &open {
        let said = newest.get(&it.row.id).map_or(&[][..], Vec::as_slice);
        let last = said.iter().map(|row| row.assessed_on).max();
        items.extend(rules::of_enrolment(it, last, viewer.today()));
        let submitted = said.iter().filter(|row| row.state == AssessmentState::EvidenceSubmitted);
        for row in submitted.filter(|_| is_assessed(it.row.state)) {
            let Some(competency) = catalogue.content().competency(row.competency_id) else {
                continue;
            };
            let sentence = format!(
                "Evidence for {} ({}), attempt {}, waits since {}: assess it.",
                competency.row.code, competency.row.title, row.attempt, row.assessed_on
            );
            let about = About::Competency(it.clone(), competency.clone(), row.id);
            let (kind, since) = (Kind::EvidenceWaiting, row.assessed_on);
            items.push(Item { kind, about, since, due: None, sentence });
        }
    }
    Ok(in_order(items.into_iter(), &OF_ASSESSORS))
}

/// How many things of a list there are, or of some kinds alone.
pub fn count(list: &Worklist, kinds: Option<&[Kind]>) -> usize {
    list.iter().filter(|item| kinds.is_none_or(|kinds| kinds.contains(&item.kind))).count()
}

/// One page of a list, of some kinds alone if it says so.
pub fn page(
    list: &Worklist,
    kinds: Option<&[Kind]>,
    request: &PageRequest,
) -> Result<Page<Item>, Failure> {
    if kinds.is_some_and(<[Kind]>::is_empty) {
        let sentence = "kinds is empty: leave it out for all of them";
        return Err(Failure::BadRequest(sentence.to_owned()));
    }
    let window = request.window()?;
    let chosen = list.iter().filter(|item| kinds.is_none_or(|kinds| kinds.contains(&item.kind)));
    let keyed = chosen.map(|item| (key(item), item.clone()));
    Ok(page::page(keyed, Direction::Ascending, &window))
}

fn key(item: &Item) -> Key<'static> {
    let (undue, due, since, kind, (id, other)) = item.order();
    let text = format!("{} {due} {since} {} {other}", u8::from(undue), kind as u8);
    Key { by: By::Text(text.into()), id }
}

fn in_order(items: impl Iterator<Item = Item>, kinds: &[Kind]) -> Worklist {
    let mut items: Vec<Item> = items.filter(|item| kinds.contains(&item.kind)).collect();
    items.sort_by_cached_key(key);
    items
}

fn kinds(organisation: &Organisation) -> &'static [Kind] {
    match organisation.kind() {
        organisation::Kind::TrainingHub => &OF_HUBS,
        organisation::Kind::Site => &OF_SITES,
        organisation::Kind::Provider => &OF_PROVIDERS,
        _ => &[],
    }
}

/// What an organisation's own list reaches.
fn own(organisation: &Organisation) -> Reach {
    let id = organisation.id();
    match organisation.kind() {
        organisation::Kind::TrainingHub => Reach::TrainingHub(id),
        organisation::Kind::Site => Reach::Site(id),
        organisation::Kind::Provider => Reach::Provider(id),
        _ => Reach::Nowhere,
    }
}

/// Whether the list of an organisation is one that the viewer may read.
fn may_read(
    directory: &Directory,
    reach: &Reach,
    organisation: &Organisation,
    viewer: &Viewer,
) -> bool {
    match reach {
        Reach::Provider(provider) => *provider == organisation.id(),
        _ => directory.covers(reach, organisation, viewer.today()),
    }
}

/// The enrolments that may be on the lists, from the smallest set that the indexes offer.
fn candidates(records: &Records, organisations: &[Arc<Organisation>]) -> Vec<Arc<Enrolment>> {
    let sites = organisations.iter().all(|it| it.kind() == organisation::Kind::Site);
    // What is over can still be disagreed about.
    let listed = |it: &&Arc<Enrolment>| {
        !is_over(it.row.state) || it.row.state == State::Withdrawn && !it.employment.is_empty()
    };
    if !sites {
        return records.enrolments().filter(listed).cloned().collect();
    }
    let mut seen = BTreeSet::new();
    let there = organisations.iter().filter_map(|site| records.participant(site.id()));
    let there = there.flat_map(|it| it.enrolments.iter()).filter(listed);
    there.filter(|it| seen.insert(it.row.id)).cloned().collect()
}

async fn last_days(
    viewer: &Viewer,
    mine: &[Arc<Enrolment>],
) -> Result<HashMap<i64, chrono::NaiveDate>, Failure> {
    let taught = mine.iter().filter(|it| is_assessed(it.row.state));
    let ids: Vec<i64> = taught.map(|it| it.row.id).collect();
    Ok(rows::last_days(&viewer.store().reader, &ids).await?)
}

/// The overdue returns that the viewer may read, if any of the lists shows some.
async fn overdue(
    viewer: &Viewer,
    organisations: &[Arc<Organisation>],
) -> Result<Vec<Return>, Failure> {
    let shown = organisations.iter().any(|it| kinds(it).contains(&Kind::ReturnOverdue));
    if !shown || viewer.permit(Action::ReadReturns).is_err() {
        return Ok(Vec::new());
    }
    let filter = ReturnFilter { overdue: Some(true), ..ReturnFilter::default() };
    returns::list::every(viewer, &filter).await
}

fn of_return(it: &Return) -> Option<Item> {
    let due = it.due_on();
    let sentence = format!("{} was due on {due}: submit it.", it.name());
    let about = About::Return(Box::new(it.clone()));
    Some(Item {
        kind: Kind::ReturnOverdue,
        about,
        since: due.succ_opt()?,
        due: Some(due),
        sentence,
    })
}
