//! What every kind of organisation shows, written once.

/// Makes the GraphQL type of one kind: the fields of the interface `Organisation`,
/// and those of its own that follow in braces.
macro_rules! organisation_object {
    ($(#[doc = $doc:literal])+ $name:ident { $($own:tt)* }) => {
        #[derive(Clone)]
        pub struct $name(pub $crate::graphql::organisations::seen::Seen);

        $(#[doc = $doc])+
        #[async_graphql::Object]
        impl $name {
            /// Its id: opaque, ours, and never given to anything else.
            pub(crate) async fn id(&self) -> async_graphql::ID {
                $crate::graphql::ids::id_of(stringify!($name), self.0.organisation.id())
            }

            /// What kind of organisation it is.
            pub(crate) async fn kind(&self) -> OrganisationKind {
                self.0.organisation.kind().into()
            }

            /// The day as at which its fields answer, unless they are asked for another.
            pub(crate) async fn as_at(&self) -> Date {
                Date(self.0.day)
            }

            /// Its name on that day.
            pub(crate) async fn name(
                &self,
                #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
                as_at: Option<Date>,
            ) -> &str {
                self.0.organisation.name_at(self.0.on(as_at))
            }

            /// Its names through time, the first one first.
            pub(crate) async fn names(&self) -> Vec<NameInTime> {
                parts::names(&self.0)
            }

            /// Its ODS code on that day or, once closed, the last one that it bore.
            pub(crate) async fn ods_code(&self) -> Option<OdsCode> {
                parts::code(&self.0, CodeScheme::Ods)?.parse().ok().map(OdsCode)
            }

            /// Its ONS code on that day.
            pub(crate) async fn ons_code(&self) -> Option<OnsCode> {
                parts::code(&self.0, CodeScheme::Ons)?.parse().ok().map(OnsCode)
            }

            /// Its slug, if it has no role in ODS.
            pub(crate) async fn slug(&self) -> Option<Slug> {
                parts::code(&self.0, CodeScheme::Slug)?.parse().ok().map(Slug)
            }

            /// Every code that it has borne, with its dates.
            pub(crate) async fn codes(&self) -> Vec<CodeInTime> {
                parts::codes(&self.0)
            }

            /// Whether it was at work on that day; null before it was known.
            pub(crate) async fn status(
                &self,
                #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
                as_at: Option<Date>,
            ) -> Option<OrganisationStatus> {
                self.0.organisation.status_at(self.0.on(as_at)).map(Into::into)
            }

            /// The legal opening.
            pub(crate) async fn opened_on(&self) -> Date {
                Date(self.0.organisation.row.opened_on)
            }

            /// The legal closure: the first day on which it was no longer open.
            pub(crate) async fn closed_on(&self) -> Option<Date> {
                self.0.organisation.row.closed_on.map(Date)
            }

            /// Where the row comes from, and so who may change it.
            pub(crate) async fn source(&self) -> Source {
                self.0.organisation.row.source.into()
            }

            /// Rises by one with every change; send it back as `expectedVersion`.
            pub(crate) async fn version(&self) -> i32 {
                self.0.organisation.row.version
            }

            /// Where it sat on that day, in every scheme; null outside its lifetime, and
            /// for kinds that sit nowhere.
            pub(crate) async fn placement(
                &self,
                #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
                as_at: Option<Date>,
            ) -> Option<Placement> {
                parts::placement(&self.0, self.0.on(as_at))
            }

            /// Every membership in another organisation that it has had, oldest first
            /// within each scheme and level.
            pub(crate) async fn memberships(
                &self,
                #[graphql(desc = "Only those of this scheme.")] scheme: Option<Scheme>,
                #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
                #[graphql(desc = "Those after this cursor.")] after: Option<String>,
                #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
                #[graphql(desc = "Those before this cursor.")] before: Option<String>,
            ) -> Result<Connected<Membership>> {
                parts::memberships(&self.0, scheme, PageRequest { first, after, last, before })
            }

            /// Whom it followed.
            pub(crate) async fn predecessors(&self) -> Vec<Succession> {
                parts::successions(&self.0, &self.0.organisation.predecessors)
            }

            /// Who followed it.
            pub(crate) async fn successors(&self) -> Vec<Succession> {
                parts::successions(&self.0, &self.0.organisation.successors)
            }

            /// What became different about it, the newest first.
            pub(crate) async fn history(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
                #[graphql(desc = "Those after this cursor.")] after: Option<String>,
                #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
                #[graphql(desc = "Those before this cursor.")] before: Option<String>,
            ) -> Result<Connected<Change>> {
                let request = PageRequest { first, after, last, before };
                // Boxed, or every other field would take the memory of this one.
                Box::pin(history::of(ctx, self.0.organisation.id(), &request)).await
            }

            /// Figures of metrics for it, period by period: one series for each metric.
            #[expect(clippy::too_many_arguments, reason = "what a series is asked with")]
            pub(crate) async fn metric_series(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "Codes, such as `gpa.fte`, or `gpa.fte@1`; 1 to 50.")]
                metrics: Vec<String>,
                #[graphql(desc = "For which periods.")] periods: PeriodRange,
                #[graphql(desc = "On which geography; default: where organisations sit today.")]
                boundaries: Option<BoundariesInput>,
                #[graphql(desc = "Whether it takes over the past of those that it followed; default: NONE.")]
                follow: Option<Follow>,
                #[graphql(desc = "Only of observations that are at least so settled; default: PROVISIONAL.")]
                min_status: Option<ObservationStatus>,
                #[graphql(desc = "As it was known at that moment, instead of now.")]
                known_at: Option<chrono::DateTime<chrono::Utc>>,
            ) -> Result<Vec<MetricSeries>> {
                let how = SeriesArguments { boundaries, follow, min_status, known_at };
                let id = self.0.organisation.id();
                // Boxed, or every other field would take the memory of this one.
                Box::pin(parts::metric_series(ctx, id, metrics, periods, how)).await
            }

            $($own)*
        }
    };
}

/// As [`organisation_object`], for kinds that hold sites.
macro_rules! area_object {
    ($(#[doc = $doc:literal])+ $name:ident { $($own:tt)* }) => {
        organisation_object! {
            $(#[doc = $doc])+
            $name {
                /// The sites that lay within it on that day.
                #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
                pub(crate) async fn sites(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "Only those that pass all of this.")] filter: Option<SiteFilter>,
                    #[graphql(desc = "The order; default: by name.")] order_by: Option<OrganisationOrder>,
                    #[graphql(desc = "The day to answer for; default: the day as at which this is shown.")]
                    as_at: Option<Date>,
                    #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
                    #[graphql(desc = "Those after this cursor.")] after: Option<String>,
                    #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
                    #[graphql(desc = "Those before this cursor.")] before: Option<String>,
                ) -> Result<Connected<Site>> {
                    let mut filter = filter.unwrap_or_default().read()?;
                    filter.within.push(OrganisationBy::Id(self.0.organisation.id()));
                    let request = PageRequest { first, after, last, before };
                    lists::sites(ctx, filter, order_by, self.0.on(as_at), &request)
                }

                /// How many sites lay within it on that day, by their status.
                pub(crate) async fn site_counts(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "The day to answer for; default: the day as at which this is shown.")]
                    as_at: Option<Date>,
                ) -> SiteCounts {
                    lists::site_counts(ctx, self.0.organisation.id(), self.0.on(as_at))
                }

                /// How many eligible sites that lay within it on that day were in each stage
                /// of adoption, every stage named.
                pub(crate) async fn stage_counts(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "The day to answer for; default: the day as at which this is shown.")]
                    as_at: Option<Date>,
                ) -> Vec<StageCount> {
                    participation::object::stage_counts(ctx, &self.0, as_at)
                }

                /// How far the eligible sites that lie within it today ever came until that
                /// day, and where they were then: `Query.adoptionFunnel` asks on any map.
                pub(crate) async fn adoption_funnel(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "The last day that counts; default: the day as at which this is shown.")]
                    as_at: Option<Date>,
                    #[graphql(desc = "Stages reached from this day on are counted apart, as `reachedSince`.")]
                    since: Option<Date>,
                ) -> Result<AdoptionFunnel> {
                    participation::funnel::of(ctx, &self.0, as_at, since)
                }

                /// Which role models the eligible sites chose that lay within it on that
                /// day and were interested, or further: every one named.
                pub(crate) async fn role_models(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "The day to answer for; default: the day as at which this is shown.")]
                    as_at: Option<Date>,
                ) -> Vec<RoleModelCount> {
                    participation::object::role_models(ctx, &self.0, as_at)
                }

                $($own)*
            }
        }
    };
}
