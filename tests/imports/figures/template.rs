//! Our own return template, as CSV and as a workbook.

use rust_xlsxwriter::Workbook;

use super::{counts, done, rows, start, started, sums_are_right};
use crate::{
    harness::{on_both, people},
    imports::{Made, import},
};

const HEADINGS: [&str; 9] = [
    "Organisation code",
    "Organisation",
    "Month",
    "Sites with a GPA in post (COUNT) [survey.in_post]",
    "Good or very good [impact.patient_positive:numerator]",
    "Answered [impact.patient_positive:denominator]",
    "Wait (DAYS) [impact.wait_routine_days]",
    "Appointments [impact.wait_routine_days:denominator]",
    "Explanation",
];

#[test]
fn each_line_makes_a_figure_of_every_metric_that_was_answered() {
    on_both(async |world| {
        let text = format!(
            "{}\n{}",
            HEADINGS.join(","),
            "Y90001,Moor View,2025-11,1,40,50,3.5,100,\n\
             Y90002,Aire Bank,2025-11,NIL,,,N/A,,\n\
             Y90005,Dee Bridge,2025-11,,,,,,\n\
             Y90001,Moor View,2025-10,1,60,50,3.5,NIL,because\n"
        );
        let payload = started(world, people::YORKSHIRE, "csv", "RETURN_TEMPLATE", &text).await;
        let import = &payload["import"];
        assert_eq!(
            rows(import),
            [
                "2 CREATE",
                "2 CREATE",
                "2 CREATE",
                "3 CREATE",
                "3 CREATE",
                "5 CREATE",
                "5 REFUSED NUMERATOR_WITHIN_DENOMINATOR",
                "5 REFUSED CONTRADICTION",
            ]
        );
        assert_eq!(import["counts"]["skipped"], 1);
        let states: Vec<_> = (3..5)
            .map(|row| import["rows"]["nodes"][row]["after"]["state"].as_str().unwrap())
            .collect();
        assert_eq!(states, ["NIL", "NOT_APPLICABLE"]);
        done(world, people::YORKSHIRE, "commit", import).await;
        sums_are_right(world).await;
        let ratio = "SELECT value FROM observation WHERE denominator = 50000000";
        assert_eq!(world.number(ratio).await, 80_000_000);
    });
}

#[test]
fn a_workbook_says_the_same_as_the_csv() {
    on_both(async |world| {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Read me").unwrap().write(0, 0, "How to fill it in").unwrap();
        let sheet = book.add_worksheet().set_name("Return").unwrap();
        for (column, heading) in (0..).zip(HEADINGS) {
            sheet.write(0, column, heading).unwrap();
        }
        sheet.write(1, 0, "Y90001").unwrap();
        sheet.write(1, 2, "2025-11").unwrap();
        sheet.write(1, 3, 1).unwrap();
        // What a workbook makes of 0.1 + 0.2 is no reason to refuse it.
        sheet.write(1, 6, 0.1 + 0.2).unwrap();
        sheet.write(1, 7, 10).unwrap();
        sheet.write(2, 0, "Y90009").unwrap();
        sheet.write(2, 2, "2025-11").unwrap();
        sheet.write(2, 3, "nil").unwrap();
        let made = Made::new("return.xlsx", "");
        book.save(&made.path).unwrap();
        let rejects = made.beside("rejects.csv");
        let rejects_flag = rejects.display().to_string();
        let ran = import(world, "returns", &made, &["--reject-file", &rejects_flag]).await;
        assert!(
            ran.summary().contains("2 created, 0 changed, 0 same, 0 in conflict, 1 refused"),
            "{}",
            ran.out
        );
        let mean = "SELECT value FROM observation WHERE denominator = 10000000";
        assert_eq!(world.number(mean).await, 300_000);
        let rejected = std::fs::read_to_string(rejects).unwrap();
        assert_eq!(rejected.lines().nth(1), Some("Y90009,,2025-11,nil,,,,,"), "{rejected}");
        let again = import(world, "returns", &made, &[]).await;
        assert!(again.summary().contains("2 same"), "{}", again.out);
    });
}

#[test]
fn a_heading_without_a_code_is_refused_with_its_words() {
    on_both(async |world| {
        let text = "Organisation code,Month,Sites in post\nY90001,2025-11,1\n";
        let payload = started(world, people::YORKSHIRE, "x", "RETURN_TEMPLATE", text).await;
        let message = payload["problems"][0]["message"].as_str().unwrap();
        assert!(message.contains("Sites in post"), "{message}");
        let text = "Organisation code,Month,[a.b],[no.such]\nY90001,2025-11,,1\n";
        let payload = started(world, people::YORKSHIRE, "y", "RETURN_TEMPLATE", text).await;
        assert_eq!(counts(&payload["import"]), [0, 0, 0, 0, 1]);
        assert_eq!(rows(&payload["import"]), ["2 REFUSED NOT_FOUND"]);
    });
}

#[test]
fn what_a_commit_finds_names_the_column_of_the_form() {
    on_both(async |world| {
        let text = "Organisation code,Month,[survey.in_post]\nY90001,2025-11,1\n";
        let form = started(world, people::YORKSHIRE, "x", "RETURN_TEMPLATE", text).await;
        let meanwhile = start(world, people::NATIONAL, "y", &["Y90001,survey.in_post,2025-11,2"]);
        done(world, people::NATIONAL, "commit", &meanwhile.await).await;
        let committed = done(world, people::YORKSHIRE, "commit", &form["import"]).await;
        assert_eq!(rows(&committed), ["2 CONFLICT REVISION_CONFLICT"]);
        let found = &committed["rows"]["nodes"][0]["findings"][0];
        assert_eq!(found["column"], "[survey.in_post]");
    });
}
