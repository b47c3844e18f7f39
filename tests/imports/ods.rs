//! The register of sites: edition after edition, as dated changes.

use serde_json::json;

use super::{LEEDS, Made, Row, import, ods, site};
use crate::harness::{on_both, on_both_new, people::PUBLIC};

const FIRST: [&str; 2] = ["--edition", "2023-01-31"];
const SECOND: [&str; 2] = ["--edition", "2024-01-31"];

/// Two practices more, so that one that goes is not most of the file.
fn others() -> Vec<Row> {
    const CODES: [&str; 20] = [
        "B86002", "B86003", "B86004", "B86005", "B86006", "B86007", "B86008", "B86009", "B86010",
        "B86011", "B86012", "B86013", "B86014", "B86015", "B86016", "B86017", "B86018", "B86019",
        "B86020", "B86021",
    ];
    CODES.into_iter().map(|code| Row { code, name: "MOOR LANE PRACTICE", ..LEEDS }).collect()
}

fn edition(rows: impl IntoIterator<Item = Row>) -> Made {
    let rows: Vec<_> = rows.into_iter().chain(others()).collect();
    Made::new("epraccur.csv", ods(&rows))
}

#[test]
fn the_first_edition_opens_every_site_with_its_dates() {
    on_both_new(async |world| {
        let closed = Row { code: "B86090", status: "C", closed: "20190331", ..LEEDS };
        let welsh = Row { code: "W00001", region: "W00", icb: "Q99", commissioner: "7A1", ..LEEDS };
        let ran = import(world, "ods", &edition([LEEDS, closed, welsh]), &FIRST).await;
        assert_eq!(
            ran.summary(),
            "epraccur.csv: 23 rows; 23 opened, 0 closed, 0 reopened, 0 renamed, 0 moved, \
             0 changed, 0 counted, 0 unchanged, 0 refused; written"
        );
        let leeds = site(world, "B86001", "2023-01-31").await;
        assert_eq!(leeds["placement"]["icb"]["odsCode"], "QWO");
        assert_eq!(leeds["placement"]["region"]["odsCode"], "Y63");
        assert_eq!(leeds["placement"]["trainingHub"]["slug"], "west-yorkshire");
        assert_eq!((&leeds["eligible"], &leeds["openedOn"]), (&json!(true), &json!("1974-04-01")));
        assert_eq!(leeds["source"], "ODS");
        // The file gives the last day on which it was open.
        let before = site(world, "B86090", "2019-03-31").await;
        assert_eq!(before["status"], "ACTIVE");
        let after = site(world, "B86090", "2019-04-01").await;
        assert_eq!((&after["status"], &after["eligible"]), (&json!("CLOSED"), &json!(false)));
        let welsh = site(world, "W00001", "2023-01-31").await;
        assert_eq!((&welsh["status"], &welsh["eligible"]), (&json!("ACTIVE"), &json!(false)));
    });
}

#[test]
fn a_later_edition_becomes_dated_changes_and_loses_nothing() {
    on_both_new(async |world| {
        let gone = Row { code: "B86091", ..LEEDS };
        let late = Row { code: "B86092", ..LEEDS };
        import(world, "ods", &edition([LEEDS, gone, late]), &FIRST).await.summary();
        let moved = Row {
            name: "PARK EDGE SURGERY",
            commissioner: "03Q",
            icb: "QOQ",
            joined: "20230701",
            ..LEEDS
        };
        let gone = Row { status: "C", closed: "20230930", ..gone };
        // This closure lies before the first edition, which still had it open.
        let late = Row { status: "C", closed: "20221231", ..late };
        let new = Row { code: "B86093", opened: "20230401", joined: "20230401", ..LEEDS };
        let ran = import(world, "ods", &edition([moved, gone, late, new]), &SECOND).await;
        assert!(
            ran.summary().contains("1 opened, 2 closed, 0 reopened, 1 renamed, 1 moved"),
            "{}",
            ran.out
        );

        let then = site(world, "B86001", "2023-06-30").await;
        assert_eq!(
            (&then["name"], &then["placement"]["subIcb"]["odsCode"]),
            (&json!("PARK EDGE PRACTICE"), &json!("15F"))
        );
        let now = site(world, "B86001", "2024-01-31").await;
        assert_eq!(
            (&now["name"], &now["placement"]["icb"]["odsCode"]),
            (&json!("PARK EDGE SURGERY"), &json!("QOQ"))
        );
        assert_eq!(
            now["memberships"]["nodes"],
            json!([
                {"level": "SUB_ICB", "from": "2018-04-01", "to": "2023-07-01", "parent": {"odsCode": "15F"}},
                {"level": "SUB_ICB", "from": "2023-07-01", "to": null, "parent": {"odsCode": "03Q"}},
            ])
        );
        assert_eq!(site(world, "B86091", "2023-09-30").await["status"], "ACTIVE");
        assert_eq!(site(world, "B86091", "2023-10-01").await["status"], "CLOSED");
        let late = site(world, "B86092", "2023-01-31").await;
        assert_eq!((&late["status"], &late["closedOn"]), (&json!("ACTIVE"), &json!("2023-01-01")));
        assert_eq!(site(world, "B86092", "2023-02-01").await["status"], "CLOSED");
        assert_eq!(site(world, "B86093", "2023-03-31").await["status"], json!(null));
        assert_eq!(site(world, "B86093", "2023-04-01").await["status"], "ACTIVE");
    });
}

#[test]
fn loading_again_changes_nothing_and_older_editions_are_refused() {
    on_both_new(async |world| {
        let (first, second) = (edition([LEEDS]), edition([Row { name: "X", ..LEEDS }]));
        import(world, "ods", &first, &FIRST).await.summary();
        import(world, "ods", &second, &SECOND).await.summary();
        let rows = world.rows().await;
        for (file, flags) in [(&first, FIRST), (&second, SECOND)] {
            let again = import(world, "ods", file, &flags).await;
            assert!(again.summary().ends_with("before: 21 rows unchanged"), "{}", again.out);
        }
        let older = import(world, "ods", &edition([Row { name: "Y", ..LEEDS }]), &FIRST).await;
        assert!(!older.success);
        assert!(older.err.contains("holds the edition of 2024-01-31"), "{}", older.err);
        assert_eq!(world.rows().await, rows);
        // The same state under a later day brings an edition, and no change at all.
        let position = world.number("SELECT MAX(position) FROM change").await;
        let later = import(world, "ods", &second, &["--edition", "2024-02-29"]).await;
        assert!(later.summary().contains("0 changed, 0 counted, 21 unchanged"), "{}", later.out);
        assert_eq!(world.number("SELECT MAX(position) FROM change").await, position);
    });
}

#[test]
fn a_dry_run_tells_and_does_not_write() {
    on_both_new(async |world| {
        let rows = world.rows().await;
        let ran =
            import(world, "ods", &edition([LEEDS]), &[&FIRST[..], &["--dry-run"]].concat()).await;
        assert!(ran.summary().ends_with("21 opened, 0 closed, 0 reopened, 0 renamed, 0 moved, 0 changed, 0 counted, 0 unchanged, 0 refused; nothing was written (dry run)"), "{}", ran.out);
        assert!(
            ran.out.contains("opened  B86001 PARK EDGE PRACTICE: from 1974-04-01"),
            "{}",
            ran.out
        );
        assert_eq!(world.rows().await, rows);
    });
}

#[test]
fn bad_rows_are_named_and_kept_and_do_not_hide_the_good_ones() {
    on_both_new(async |world| {
        let bad = Row { code: "B86094", opened: "20191332", ..LEEDS };
        let taken = Row { code: "QWO", ..LEEDS };
        let file = edition([LEEDS, bad, taken]);
        let rejects = file.beside("rejects.csv");
        let flags = [&FIRST[..], &["--reject-file", rejects.to_str().unwrap()]].concat();
        let ran = import(world, "ods", &file, &flags).await;
        assert!(
            ran.summary().contains("21 opened") && ran.out.contains("2 refused; written"),
            "{}",
            ran.out
        );
        assert!(
            ran.err.contains("epraccur.csv:2: column 11 (open date): \"20191332\" is not a date"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("epraccur.csv:3: column 1 (code): \"QWO\" is the code of an organisation that is no site"), "{}", ran.err);
        assert_eq!(std::fs::read_to_string(&rejects).unwrap(), ods(&[bad, taken]));
        assert_eq!(site(world, "B86094", "2023-01-31").await, json!(null));

        // Corrected, the rejected rows go in by themselves as more of the same edition.
        let corrected = Made::new("rejects.csv", ods(&[Row { opened: "20191231", ..bad }]));
        let ran = import(world, "ods", &corrected, &FIRST).await;
        assert!(ran.summary().contains("1 opened, 0 closed"), "{}", ran.out);
        assert_eq!(site(world, "B86094", "2023-01-31").await["status"], "ACTIVE");
    });
}

#[test]
fn too_many_bad_rows_write_nothing() {
    on_both_new(async |world| {
        let rows = world.rows().await;
        let bad = ["B86095", "B86096", "B86097"].map(|code| Row { code, status: "X", ..LEEDS });
        let file = edition(bad.into_iter().chain([LEEDS]));
        let ran = import(world, "ods", &file, &[&FIRST[..], &["--max-errors", "2"]].concat()).await;
        assert!(!ran.success && ran.err.contains("more than 2 rows are bad"), "{}", ran.err);
        assert_eq!(world.rows().await, rows);
        let ran = import(world, "ods", &file, &[&FIRST[..], &["--max-errors", "3"]].concat()).await;
        assert!(ran.summary().contains("21 opened"), "{}", ran.out);
    });
}

#[test]
fn a_file_that_lacks_many_sites_is_taken_for_a_broken_one() {
    on_both_new(async |world| {
        import(world, "ods", &edition([LEEDS]), &FIRST).await.summary();
        let rows = world.rows().await;
        let half: Vec<_> = others().into_iter().take(10).collect();
        let ran = import(world, "ods", &Made::new("half.csv", ods(&half)), &SECOND).await;
        assert!(!ran.success && ran.err.contains("11 of the 21 open sites"), "{}", ran.err);
        assert_eq!(world.rows().await, rows);
        let ran = import(world, "ods", &Made::new("one-less.csv", ods(&others())), &SECOND).await;
        assert!(ran.summary().contains("1 closed"), "{}", ran.out);
        assert_eq!(site(world, "B86001", "2024-01-30").await["status"], "ACTIVE");
        assert_eq!(site(world, "B86001", "2024-01-31").await["status"], "CLOSED");
    });
}

#[test]
fn parents_that_are_not_known_are_opened_by_their_codes_and_close_when_empty() {
    on_both_new(async |world| {
        let old = |row: Row| Row { commissioner: "99Z", icb: "Q98", joined: "20130401", ..row };
        let rows: Vec<_> = others().into_iter().chain([LEEDS]).map(old).collect();
        let ran =
            import(world, "ods", &Made::new("a.csv", ods(&rows)), &["--edition", "2019-08-31"])
                .await;
        assert!(ran.out.contains("2 parents that the register did not know"), "{}", ran.out);
        let then = site(world, "B86001", "2019-08-31").await;
        assert_eq!(then["placement"]["icb"]["odsCode"], "Q98");
        assert_eq!(then["placement"]["region"]["odsCode"], "Y63");
        let joined = |row: Row| Row { joined: "20200401", ..row };
        let rows: Vec<_> = others().into_iter().chain([LEEDS]).map(joined).collect();
        import(world, "ods", &Made::new("b.csv", ods(&rows)), &FIRST).await.summary();
        let document = "{ a: organisation(by: {odsCode: \"99Z\"}) { status closedOn }
            b: organisation(by: {odsCode: \"Q98\"}) { status closedOn } }";
        let parents = world.data(PUBLIC, document, json!({})).await;
        let closed = json!({"status": "CLOSED", "closedOn": "2020-04-01"});
        assert_eq!(parents, json!({"a": closed, "b": closed}));
        let now = site(world, "B86001", "2023-01-31").await;
        assert_eq!(now["placement"]["icb"]["odsCode"], "QWO");
    });
}

#[test]
fn the_real_register_takes_the_place_of_the_demonstration() {
    on_both_new(async |world| {
        assert!(world.app.demonstrate().await.unwrap());
        let demonstration = "SELECT COUNT(*) FROM organisation WHERE source = 'DEMONSTRATION' AND kind IN ('SITE', 'PCN')";
        assert!(world.number(demonstration).await > 0);
        let ran = import(world, "ods", &edition([LEEDS]), &FIRST).await;
        assert!(ran.out.contains("the demonstration's"), "{}", ran.out);
        assert_eq!(world.number(demonstration).await, 0);
        let data = world.data(PUBLIC, "{ sites { totalCount } }", json!({})).await;
        assert_eq!(data["sites"]["totalCount"], 21);
    });
}

#[test]
fn what_people_recorded_by_hand_is_taken_over_when_the_register_has_it() {
    on_both(async |world| {
        let code = world.text("SELECT code FROM organisation_code JOIN organisation ON id = organisation_id WHERE source = 'MANUAL' AND kind = 'SITE' AND scheme = 'ODS' AND valid_to IS NULL ORDER BY code LIMIT 1").await;
        let before = site(world, &code, "2026-01-15").await;
        let row = Row {
            code: Box::leak(code.clone().into_boxed_str()),
            name: "FROM THE REGISTER",
            opened: "20250101",
            ..LEEDS
        };
        let ran = import(world, "ods", &edition([row]), &["--edition", "2026-01-15"]).await;
        assert!(ran.summary().contains("1 renamed"), "{}", ran.out);
        let after = site(world, &code, "2026-01-15").await;
        assert_eq!((&before["source"], &after["source"]), (&json!("MANUAL"), &json!("ODS")));
        assert_eq!(after["name"], "FROM THE REGISTER");
    });
}

#[test]
fn a_site_that_comes_back_bears_its_code_and_sits_nowhere_in_between() {
    on_both_new(async |world| {
        import(world, "ods", &edition([LEEDS]), &FIRST).await.summary();
        let closed = Row { status: "C", closed: "20230630", ..LEEDS };
        import(world, "ods", &edition([closed]), &["--edition", "2023-07-31"]).await.summary();
        let ran = import(world, "ods", &edition([LEEDS]), &SECOND).await;
        assert!(ran.summary().contains("1 reopened"), "{}", ran.out);
        let between = site(world, "B86001", "2023-12-31").await;
        assert_eq!(between["status"], "CLOSED");
        assert_eq!(between["placement"]["region"], json!(null));
        let back = site(world, "B86001", "2024-01-31").await;
        assert_eq!((&back["status"], &back["eligible"]), (&json!("ACTIVE"), &json!(true)));
        let ends: Vec<_> = back["memberships"]["nodes"].as_array().unwrap().iter().collect();
        assert_eq!(
            (&ends[0]["to"], &ends[1]["from"]),
            (&json!("2023-07-01"), &json!("2024-01-31"))
        );
        // The next edition that names it still leaves it open.
        let same = import(world, "ods", &edition([LEEDS]), &["--edition", "2024-02-29"]).await;
        assert!(same.summary().contains("0 closed, 0 reopened"), "{}", same.out);
    });
}

#[test]
fn an_edition_that_is_yet_to_come_is_refused() {
    on_both_new(async |world| {
        let rows = world.rows().await;
        let ran = import(world, "ods", &edition([LEEDS]), &["--edition", "2199-01-31"]).await;
        assert!(!ran.success && ran.err.contains("a day that has come"), "{}", ran.err);
        assert_eq!(world.rows().await, rows);
    });
}
