//! Many at once: one approval wins, and the others see it.

use futures_util::future::join_all;

use super::{REGIONS_OTHER, december, of_hubs, read, revisions, send, submitted};
use crate::harness::{on_both, people};

const MANY: usize = 50;

#[test]
fn of_many_approvals_at_once_one_wins() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let it = submitted(world, people::YORKSHIRE, december(&schedule)).await;
        let audits = world.number("SELECT COUNT(*) FROM audit").await;
        let who = [people::NORTH_EAST, REGIONS_OTHER];
        let sent = (0..MANY).map(|n| send(world, who[n % 2], "approveReturn", read(&it)));
        let answers = join_all(sent).await;
        let of = |name: &str| answers.iter().filter(|it| it["__typename"] == name).count();
        assert_eq!((of("ReturnApproved"), of("ReturnConflict")), (1, MANY - 1));
        assert_eq!(world.number("SELECT COUNT(*) FROM audit").await, audits + 1);
        assert_eq!(
            revisions(world, "survey.places").await,
            ["1:PROVISIONAL:12000000:RETURN", "2:APPROVED:12000000:RETURN"]
        );
    });
}

#[test]
fn of_many_first_drafts_at_once_one_begins_the_return() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let sent = (0..MANY)
            .map(|_| send(world, people::YORKSHIRE, "saveReturnDraft", december(&schedule)));
        let answers = join_all(sent).await;
        let saved = answers.iter().filter(|it| it["__typename"] == "ReturnDraftSaved").count();
        assert_eq!(saved, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM monthly_return").await, 1);
    });
}
