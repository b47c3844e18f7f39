//! Committing what meanwhile changed, undoing, and discarding.

use serde_json::json;

use super::{FILE, counts, done, holds, moved, rows, start, sums_are_right};
use crate::{
    harness::{on_both, people},
    imports::{Made, import},
};

#[test]
fn what_changed_since_the_preview_is_reported_and_not_overwritten() {
    on_both(async |world| {
        let early = start(world, people::NATIONAL, "early", &FILE).await;
        let lines = ["Y90001,survey.in_post,2025-11,7", "Y90002,survey.in_post,2025-11,3"];
        let meanwhile = start(world, people::NATIONAL, "meanwhile", &lines).await;
        done(world, people::NATIONAL, "commit", &meanwhile).await;

        let committed = done(world, people::NATIONAL, "commit", &early).await;
        assert_eq!(rows(&committed), ["2 CREATE", "3 CONFLICT REVISION_CONFLICT", "4 SAME"]);
        assert_eq!(counts(&committed), [1, 0, 1, 1, 0]);
        assert_eq!(holds(world, "Y90001", 202_510).await, "1000000 PROVISIONAL");
        assert_eq!(holds(world, "Y90001", 202_511).await, "7000000 PROVISIONAL");
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 3);
        sums_are_right(world).await;
    });
}

#[test]
fn what_was_the_same_at_the_preview_and_is_not_any_more_is_reported_too() {
    on_both(async |world| {
        let first = start(world, people::NATIONAL, "first", &FILE).await;
        done(world, people::NATIONAL, "commit", &first).await;
        let same = start(world, people::NATIONAL, "same", &FILE).await;
        let change = start(world, people::NATIONAL, "change", &["Y90001,survey.in_post,2025-10,8"]);
        let change = change.await;
        assert_eq!(counts(&change), [0, 1, 0, 0, 0]);
        done(world, people::NATIONAL, "commit", &change).await;
        let committed = done(world, people::NATIONAL, "commit", &same).await;
        assert_eq!(counts(&committed), [0, 0, 2, 1, 0]);
        assert_eq!(holds(world, "Y90001", 202_510).await, "8000000 PROVISIONAL");
    });
}

#[test]
fn undoing_restores_what_held_and_leaves_what_others_changed() {
    on_both(async |world| {
        let who = people::NATIONAL;
        let first = start(world, who, "first", &FILE[..1]).await;
        done(world, who, "commit", &first).await;
        let lines = [
            "Y90001,survey.in_post,2025-10,4",
            "Y90001,survey.in_post,2025-11,5",
            "Y90002,survey.in_post,2025-11,6",
        ];
        let second = start(world, who, "second", &lines).await;
        assert_eq!(counts(&second), [2, 1, 0, 0, 0]);
        let second = done(world, who, "commit", &second).await;
        let third = start(world, who, "third", &["Y90002,survey.in_post,2025-11,9"]).await;
        done(world, who, "commit", &third).await;

        let undone = done(world, who, "undo", &second).await;
        assert_eq!(undone["state"], "UNDONE");
        assert_eq!(rows(&undone), ["2 CHANGE", "3 CREATE", "4 CONFLICT REVISION_CONFLICT"]);
        assert_eq!(holds(world, "Y90001", 202_510).await, "1000000 PROVISIONAL");
        assert_eq!(holds(world, "Y90001", 202_511).await, "WITHDRAWN PROVISIONAL");
        assert_eq!(holds(world, "Y90002", 202_511).await, "9000000 PROVISIONAL");
        sums_are_right(world).await;
        // What holds again is the first import's, which can be undone in its turn.
        let query = "query($id: ID!) { import(id: $id) { id version } }";
        let first = world.data(who, query, json!({ "id": first["id"] })).await;
        done(world, who, "undo", &first["import"]).await;
        assert_eq!(holds(world, "Y90001", 202_510).await, "WITHDRAWN PROVISIONAL");
        sums_are_right(world).await;
        let again = moved(world, who, "undo", &undone).await;
        assert_eq!(again["__typename"], "InvalidInput");
    });
}

#[test]
fn what_is_approved_is_not_made_provisional() {
    on_both(async |world| {
        let made = Made::new(
            "approved.csv",
            format!("organisation_code,metric,month,value\n{}\n", FILE[0]),
        );
        let ran = import(world, "observations", &made, &["--approved"]).await;
        assert!(ran.summary().contains("1 created"), "{}", ran.out);
        assert_eq!(holds(world, "Y90001", 202_510).await, "1000000 APPROVED");
        let lines = ["Y90001,survey.in_post,2025-10,1", "Y90001,survey.in_post,2025-10,2"];
        let same = start(world, people::YORKSHIRE, "same", &lines[..1]).await;
        assert_eq!(rows(&same), ["2 SAME"]);
        let other = start(world, people::YORKSHIRE, "other", &lines[1..]).await;
        assert_eq!(rows(&other), ["2 CONFLICT CONTRADICTION"]);
        done(world, people::YORKSHIRE, "commit", &other).await;
        assert_eq!(holds(world, "Y90001", 202_510).await, "1000000 APPROVED");
    });
}

#[test]
fn a_discarded_preview_leaves_no_rows() {
    on_both(async |world| {
        let import = start(world, people::YORKSHIRE, "one", &FILE).await;
        let gone = done(world, people::YORKSHIRE, "discard", &import).await;
        assert_eq!((&gone["state"], &gone["rows"]["totalCount"]), (&json!("DISCARDED"), &json!(0)));
        assert_eq!(world.number("SELECT COUNT(*) FROM import_row").await, 0);
        let late = moved(world, people::YORKSHIRE, "commit", &gone).await;
        assert_eq!(late["__typename"], "InvalidInput");
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 0);
    });
}

#[test]
fn a_reading_that_was_cut_off_is_known_as_failed_and_cannot_be_committed() {
    use sea_orm::ConnectionTrait;
    on_both(async |world| {
        let import = start(world, people::NATIONAL, "cut", &FILE).await;
        let cut =
            "UPDATE import_run SET state = 'READING', progressed_at = '2026-01-15T08:50:00+00:00'";
        world.raw.execute_unprepared(cut).await.unwrap();
        let query = "query($id: ID!) { import(id: $id) { state failure } }";
        let seen = world.data(people::NATIONAL, query, json!({ "id": import["id"] })).await;
        assert_eq!(seen["import"]["state"], "FAILED");
        let late = moved(world, people::NATIONAL, "commit", &import).await;
        assert_eq!(late["__typename"], "InvalidInput");
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 0);
    });
}

#[test]
fn a_figure_is_compared_with_what_was_there_before_the_file_wherever_it_stands_in_it() {
    on_both(async |world| {
        let month = |nth: usize| format!("{}-{:02}", 2024 + (nth + 9) / 12, (nth + 9) % 12 + 1);
        let hours = |nth: usize, value: usize| {
            format!("Y90001,impact.gp_hours_released,{},{value}", month(nth))
        };
        let mut lines: Vec<String> = (0..12).map(|nth| hours(nth, 10 + nth % 2)).collect();
        // Far enough apart that the last is judged when the others are written.
        lines.extend(std::iter::repeat_n("?,,,".to_owned(), 10_000));
        lines.push(hours(12, 900));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let import = start(world, people::NATIONAL, "jump", &lines).await;
        assert_eq!(counts(&import), [13, 0, 0, 0, 10_000]);
        let committed = done(world, people::NATIONAL, "commit", &import).await;
        assert_eq!(counts(&committed), [13, 0, 0, 0, 10_000]);
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 13);

        // By now there are months to compare with, for a preview and for a commit.
        let next = start(world, people::NATIONAL, "next", &[&hours(13, 900)]).await;
        assert_eq!(rows(&next), ["2 REFUSED BEYOND_LIMITS"]);
        done(world, people::NATIONAL, "undo", &committed).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 26);
    });
}
