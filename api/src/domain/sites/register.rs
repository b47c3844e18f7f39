//! Registering a site that the NHS register does not have, or not yet.

use chrono::NaiveDate;
use entity::{
    organisation::{Kind, Source},
    organisation_code::CodeScheme,
    organisation_fact::Status,
};

use crate::{
    auth::policy::{Facts, Permit},
    domain::{
        edit::Edit,
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        memberships::{Seat, seat, take},
        organisations::{OrganisationBy, in_words},
        text,
        viewer::Viewer,
    },
    ids::{OdsCode, OrganisationId},
};

/// What is known of a site when it is registered.
#[derive(Debug, Clone)]
pub struct RegisterSite {
    pub name: String,
    pub ods_code: Option<OdsCode>,
    pub postcode: Option<String>,
    /// ODS prescribing setting; 4 is a GP practice.
    pub prescribing_setting: u8,
    pub opened_on: NaiveDate,
    pub sub_icb: OrganisationBy,
    pub pcn: Option<OrganisationBy>,
    /// Only where the hub is not the one that covers the site's ICB.
    pub training_hub: Option<OrganisationBy>,
}

/// Registers the site; gives its id, the same for every repetition under the key.
pub async fn register(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RegisterSite,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            if let Some(done) = edit.done_before(&key).await? {
                return Ok(done);
            }
            if command.training_hub.is_some() && edit.permit().facts() == Facts::Manual {
                let sentence = "an exception to coverage is the programme team's to make";
                return Err(Failure::Forbidden(sentence.to_owned()).into());
            }
            let mut problems = Problems::default();
            let name = text::name(&command.name, "input.name", &mut problems);
            let postcode = command
                .postcode
                .as_ref()
                .map(|code| text::postcode(code, "input.postcode", &mut problems));
            check_code(&edit, &command, &mut problems);
            check_opening(&edit, &command, &mut problems);
            let seats = seats(&edit, &command, &mut problems);
            problems.check()?;
            let id = add(&mut edit, &command, &name, postcode.as_deref());
            for seat in seats {
                let row = edit.next_row_id();
                let parent_opened = edit.find(seat.parent).map(|parent| parent.lifetime().0);
                let from =
                    parent_opened.map_or(command.opened_on, |day| day.max(command.opened_on));
                take(edit.change(id)?, row, seat, from);
            }
            edit.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}

fn check_code(edit: &Edit, command: &RegisterSite, problems: &mut Problems) {
    let Some(code) = &command.ods_code else { return };
    let taken = edit.before().bears_from(CodeScheme::Ods, code.as_str(), command.opened_on);
    if taken {
        let sentence =
            format!("{code} is borne by another organisation: look it up with site(by:)");
        problems.add("input.odsCode", ProblemCode::AlreadyExists, sentence);
    }
}

fn check_opening(edit: &Edit, command: &RegisterSite, problems: &mut Problems) {
    if command.opened_on > edit.today() {
        problems.add(
            "input.openedOn",
            ProblemCode::OutOfRange,
            "a site is registered once it has opened: send today or an earlier day",
        );
    }
}

/// The seats that the site has today, and took when it opened or when they did.
fn seats(edit: &Edit, command: &RegisterSite, problems: &mut Problems) -> Vec<Seat> {
    let wanted = [
        ("input.subIcb", Some(&command.sub_icb), Kind::SubIcb),
        ("input.pcn", command.pcn.as_ref(), Kind::Pcn),
        ("input.trainingHub", command.training_hub.as_ref(), Kind::TrainingHub),
    ];
    let mut seats = Vec::new();
    for (path, by, level) in wanted {
        let Some(by) = by else { continue };
        match seat(edit.before(), Kind::Site, by, (edit.today(), None), Source::Manual) {
            Ok(seat) if seat.level == level => seats.push(seat),
            Ok(seat) => {
                let sentence = format!("that is {}, not {}", in_words(seat.level), in_words(level));
                problems.add(path, ProblemCode::WrongKind, sentence);
            }
            Err((code, sentence)) => problems.add(path, code, sentence),
        }
    }
    seats
}

fn add(
    edit: &mut Edit,
    command: &RegisterSite,
    name: &str,
    postcode: Option<&str>,
) -> OrganisationId {
    let opened_on = command.opened_on;
    let site = edit.register(Kind::Site, Source::Manual, opened_on);
    site.name.set(opened_on, Box::from(name));
    site.status.set(opened_on, Status::Active);
    let setting = command.prescribing_setting.to_string();
    site.prescribing_setting.set(opened_on, Box::from(setting));
    if let Some(postcode) = postcode {
        site.postcode.set(opened_on, Box::from(postcode));
    }
    if let Some(code) = &command.ods_code {
        site.bear(CodeScheme::Ods, code.as_str(), opened_on);
    }
    site.id()
}
