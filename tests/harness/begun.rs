//! What a test's database was begun with.

use api::{app::App, clock::Clock};

use super::{built, now, world};

/// A state in which tests begin; each is built once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begun {
    /// The small world that `built` tells of.
    World,
    /// A sandbox, as whoever starts one has it: the demonstration with its stories.
    Sandbox,
}

impl Begun {
    pub(super) const KINDS: usize = 2;

    /// How the program is to be started on it, beside what every test sets.
    pub(super) fn flags(self) -> &'static [&'static str] {
        match self {
            Self::World => &[],
            Self::Sandbox => super::SANDBOX,
        }
    }

    pub(super) async fn build(self, url: &str) {
        match self {
            Self::World => built::build(url).await,
            Self::Sandbox => {
                let config = world::config(url, self.flags());
                let app = App::open(config, Clock::fixed(now())).await.unwrap();
                assert!(app.demonstrate().await.unwrap(), "the database was not new");
                app.store.close().await;
            }
        }
    }
}
