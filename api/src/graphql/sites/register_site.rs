//! `registerSite`: a site that the NHS register does not have, or not yet.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{idempotency::IdempotencyKey, sites::register},
    graphql::{
        access::access,
        error::Result,
        organisations::{
            by::OrganisationBy,
            kinds::Site,
            seen::{Seen, viewer},
        },
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::{Date, OdsCode},
    },
};

/// What is known of a site when it is registered.
#[derive(InputObject)]
pub struct RegisterSiteInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and registers nothing twice.
    idempotency_key: ID,
    /// Its name.
    name: String,
    /// Its ODS code, if it has one.
    ods_code: Option<OdsCode>,
    /// Its postcode.
    postcode: Option<String>,
    /// Its ODS prescribing setting, 0 to 99; 4 is a GP practice.
    #[graphql(default = 4, validator(maximum = 99))]
    prescribing_setting: u8,
    /// The day it opened; today or earlier.
    opened_on: Date,
    /// The sub-location of an ICB that it lies in.
    sub_icb: OrganisationBy,
    /// Its primary care network.
    pcn: Option<OrganisationBy>,
    /// Its training hub, only where that is not the hub that covers its ICB.
    training_hub: Option<OrganisationBy>,
}

/// What became of `registerSite`.
#[derive(Union)]
pub enum RegisterSitePayload {
    SiteRegistered(SiteRegistered),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The site is registered.
#[derive(SimpleObject)]
pub struct SiteRegistered {
    /// The site, as it is today.
    site: Site,
}

#[derive(Default)]
pub struct RegisterSiteMutation;

#[Object]
impl RegisterSiteMutation {
    /// Registers a site that the NHS register does not have, or not yet.
    #[graphql(directive = access::apply(Action::RegisterSite.into()))]
    async fn register_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The site.")] input: RegisterSiteInput,
    ) -> Result<Option<RegisterSitePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterSite)?;
        let key = input.idempotency_key.to_string();
        let command = register::RegisterSite {
            name: input.name,
            ods_code: input.ods_code.map(|code| code.0),
            postcode: input.postcode,
            prescribing_setting: input.prescribing_setting,
            opened_on: input.opened_on.0,
            sub_icb: input.sub_icb.read()?,
            pcn: input.pcn.map(OrganisationBy::read).transpose()?,
            training_hub: input.training_hub.map(OrganisationBy::read).transpose()?,
        };
        let done = match IdempotencyKey::new(&key, "registerSite", &format!("{command:?}")) {
            Ok(key) => register::register(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            let site = Site(Seen::today(viewer, id)?);
            Some(SiteRegistered { site }.into())
        })
    }
}
