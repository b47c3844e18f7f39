//! Files that are wrong in every way: each bad row is named, and no good one is lost.

use serde_json::json;

use super::{FILE, counts, holds, rows, started};
use crate::{
    harness::{on_both, people},
    imports::{Made, import},
};

const HEADINGS: &str =
    "organisation_code,metric,month,value,numerator,denominator,state,explanation";

#[test]
fn every_bad_row_is_named_and_good_rows_are_kept() {
    on_both(async |world| {
        let mut file = format!("\u{feff}{HEADINGS}\r\n").into_bytes();
        for line in [
            &b"Y90001,survey.in_post,2025-11,2,,,,"[..],
            b"Y90001,survey.in_post,2025-13,2,,,,",
            b"Y90001,survey.in_post,2025-10,1e9,,,,",
            b"Y90001,survey.in_post,2025-09,99999999999999999999,,,,",
            b"Y90001,survey.in_post,2025-08,0.12345678,,,,",
            b"Y90001,no.such,2025-07,1,,,,",
            b"Y90001,survey.in_post,2025-06,,,,,",
            b"Y90001,survey.in_post,2025-05,1,,,NIL,",
            b"Y90001,survey.in_post,2025-04,1,,,PERHAPS,",
            b"Y90001,survey.in_post,2025-03,1,,",
            b"Y90001,survey.in_post,2025-02,1,,,,\"open",
            b"Y90001,survey.in_post,2025-01,1,,,,caf\xe9",
            b"Y90001,survey.in_post,2024-12,1,,,,nul\0",
            b"Y90001,adoption.rate,2025-11,1,,,,",
            b"Y90001,impact.patient_positive,2025-11,,5,4,,",
            b"Y90001,survey.in_post,2199-02,1,,,,",
            b"Y90002,survey.in_post,2025-11,,,,nil,",
        ] {
            file.extend_from_slice(line);
            file.extend_from_slice(b"\r\n");
        }
        let file = Made::new("bad.csv", &file);
        let rejects = file.beside("rejects.csv");
        let rejects_flag = rejects.display().to_string();
        let ran = import(world, "observations", &file, &["--reject-file", &rejects_flag]).await;
        let summary = ran.summary().to_owned();
        assert!(
            summary.contains("17 lines; 2 created, 0 changed, 0 same, 0 in conflict, 15 refused"),
            "{summary}\n{}",
            ran.err
        );
        assert!(ran.err.contains("bad.csv:3: month: "), "{}", ran.err);
        for line in 3..=17 {
            assert!(ran.err.contains(&format!("bad.csv:{line}: ")), "{line}:\n{}", ran.err);
        }
        assert_eq!(holds(world, "Y90001", 202_511).await, "2000000 PROVISIONAL");
        assert_eq!(holds(world, "Y90002", 202_511).await, "NIL PROVISIONAL");

        let rejected = std::fs::read_to_string(&rejects).unwrap();
        assert_eq!(rejected.lines().count(), 16, "{rejected}");
        assert!(rejected.contains("café") && rejected.starts_with(HEADINGS));
        // Put right, the same rows can be sent again under the same headings.
        let right =
            rejected.lines().filter(|line| line.contains("2025-13") || line.starts_with("org"));
        let right = right.map(|line| line.replace("2025-13", "2025-12") + "\n").collect::<String>();
        let ran = import(world, "observations", &Made::new("right.csv", right), &[]).await;
        assert!(ran.summary().contains("1 created"), "{}", ran.out);
    });
}

#[test]
fn a_file_of_which_no_row_can_be_trusted_is_refused_whole() {
    on_both(async |world| {
        let who = people::NATIONAL;
        for (text, says) in [
            ("", "empty"),
            ("organisation_code,month,value\nY90001,2025-11,1\n", "no column headed metric"),
            (
                "organisation_code,metric,month,value,valeu\nY90001,survey.in_post,2025-11,1,\n",
                "valeu",
            ),
            ("organisation_code,metric,month,month\n", "two columns"),
            ("<!DOCTYPE html><html></html>", "web page"),
            ("a,\"b\n", "quote"),
        ] {
            let before = world.rows().await;
            let payload = started(world, who, "bad", "OBSERVATIONS", text).await;
            assert_eq!(payload["__typename"], "InvalidInput", "{text}");
            assert_eq!(payload["problems"][0]["path"], "input.file");
            let message = payload["problems"][0]["message"].as_str().unwrap();
            assert!(message.contains(says), "{message}");
            assert_eq!(world.rows().await, before);
        }
        let headings_only = format!("{HEADINGS}\n");
        let nothing = started(world, who, "nothing", "OBSERVATIONS", &headings_only).await;
        assert_eq!(counts(&nothing["import"]), [0; 5]);
        let neither =
            "mutation($input: StartImportInput!) { startImport(input: $input) { __typename } }";
        let input = json!({ "idempotencyKey": "n", "format": "OBSERVATIONS" });
        let payload = world.data(who, neither, json!({ "input": input })).await;
        assert_eq!(payload["startImport"]["__typename"], "InvalidInput");
    });
}

#[test]
fn columns_may_stand_in_any_order_and_codes_be_spelt_in_full() {
    on_both(async |world| {
        let text = "Month,Value,Metric,Organisation code\n\
                    2025-11,1,survey.in_post@1,ods:Y90001\n\
                    2025-11,2,gpa.fte,programme:national\n";
        let payload = started(world, people::NATIONAL, "order", "OBSERVATIONS", text).await;
        assert_eq!(rows(&payload["import"]), ["2 CREATE", "3 CREATE"]);
    });
}

#[test]
fn too_many_bad_rows_stop_the_command_and_a_dry_run_records_nothing() {
    on_both(async |world| {
        let text = format!("organisation_code,metric,month,value\n{}\nY9,x,y,z\n", FILE[0]);
        let file = Made::new("some.csv", text);
        let ran = import(world, "observations", &file, &["--max-errors", "0"]).await;
        assert!(!ran.success && ran.err.contains("1 rows are refused"), "{}", ran.err);
        let ran = import(world, "figures", &file, &["--dry-run"]).await;
        assert!(ran.summary().ends_with("nothing was written (dry run)"), "{}", ran.out);
        assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM import_row").await, 0);
    });
}
