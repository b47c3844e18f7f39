//! What is asked wrongly is refused before anything begins, all of it at once.

use actix_web::http::StatusCode;
use serde_json::Value;

use super::{begin, file, whole};
use crate::harness::{Who, World, on_both, on_sqlite, people};

async fn refusal(
    world: &World,
    who: Who,
    file: &str,
    asked: &[(&str, &str)],
) -> (StatusCode, String) {
    let answer = begin(world, who, file, asked).await;
    let status = answer.status();
    let body = whole(answer).await.unwrap();
    let body: Value = serde_json::from_slice(&body)
        .unwrap_or_else(|_| panic!("{asked:?}: {}", String::from_utf8_lossy(&body)));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    (status, body["errors"][0]["message"].as_str().unwrap().to_owned())
}

const SOUND: [(&str, &str); 3] =
    [("metrics", "gpa.fte"), ("of", "england"), ("periods", "2025-01..2025-11")];

#[test]
fn each_mistake_has_its_sentence() {
    on_sqlite(async |world| {
        file(world, people::PUBLIC, "series.csv", &SOUND).await;
        for (name, text, says) in [
            ("metrics", "gpa.fte,", "metrics: write codes with one comma"),
            ("metrics", "gpa.nothing", "there is no metric \"gpa.nothing\""),
            ("of", "", "of: \"\" names no organisation"),
            ("of", "England", "of: \"England\" names no organisation"),
            ("of", "Y99", "there is no organisation Y99"),
            ("of", "every PRACTICE", "of: \"PRACTICE\" is not one of PROGRAMME, REGION"),
            ("of", "every SITE of Y63", "of: write every KIND"),
            ("of", "every SITE within Y99", "there is no organisation Y99"),
            ("of", "id:abc", "of: \"abc\" is not an id of this service"),
            ("periods", "2025-13", "periods: \"2025-13\" is not a month"),
            ("periods", "2025-11..2025-01", "periods: the range ends before it begins"),
            ("periods", "last many", "periods: \"many\" is no number"),
            ("periods", "last 241", "periods: that is 241 periods"),
            ("by", "WEEK", "by: \"WEEK\" is not one of MONTH, QUARTER"),
            ("boundaries", "AS_AT 2025-02-30", "boundaries: write AS_AT YYYY-MM-DD"),
            ("boundaries", "THEN", "boundaries: write CURRENT"),
            ("follow", "ALL", "follow: \"ALL\" is not one of NONE, SUCCESSOR"),
            ("minStatus", "FINAL", "minStatus: \"FINAL\" is not one of PROVISIONAL"),
            ("knownAt", "2025-12-01", "knownAt: \"2025-12-01\" is no moment"),
            ("metric", "gpa.fte", "there is no parameter \"metric\": send metrics, of, periods"),
        ] {
            let mut asked: Vec<_> = SOUND.into_iter().filter(|(each, _)| *each != name).collect();
            asked.push((name, text));
            let (status, said) = refusal(world, people::PUBLIC, "series.csv", &asked).await;
            assert_eq!(status, 400, "{name}={text}");
            assert!(said.contains(says), "{name}={text}: {said}");
        }
        for (name, text, says) in [
            ("organisation", "Y99", "organisation: there is no organisation Y99"),
            ("within", "no-such-hub", "within: there is no organisation no-such-hub"),
            ("firstMonth", "2025", "firstMonth: \"2025\" is not a month"),
            ("recordedSince", "now", "recordedSince: \"now\" is no moment"),
            ("revisions", "yes", "revisions: \"yes\" is not one of true, false"),
            ("metrics", "gpa.nothing", "there is no metric \"gpa.nothing\""),
            ("of", "england", "there is no parameter \"of\": send metrics, organisation"),
        ] {
            let asked = [(name, text)];
            let (status, said) = refusal(world, people::PUBLIC, "observations.csv", &asked).await;
            assert_eq!(status, 400, "{name}={text}");
            assert!(said.contains(says), "{name}={text}: {said}");
        }
    });
}

#[test]
fn all_mistakes_come_in_one_answer() {
    on_sqlite(async |world| {
        let asked = [("of", "Nobody?"), ("by", "WEEK"), ("by", "DAY"), ("colour", "red")];
        let (_, said) = refusal(world, people::PUBLIC, "series.jsonl", &asked).await;
        for says in [
            "metrics is missing",
            "periods is missing",
            "of: ",
            "by: ",
            "by is sent twice",
            "colour",
        ] {
            assert!(said.contains(says), "{says}: {said}");
        }
    });
}

#[test]
fn what_a_sheet_cannot_hold_is_refused_before_it_begins() {
    /// Metrics that can be asked for at once.
    const MOST: usize = 50;
    on_both(async |world| {
        let document = "{ metrics { code } }";
        let data = world.data(people::PUBLIC, document, serde_json::json!({})).await;
        let codes: Vec<String> = data["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .take(MOST)
            .map(|metric| metric["code"].as_str().unwrap().to_owned())
            .collect();
        let metrics = codes.join(",");
        let asked = [("metrics", metrics.as_str()), ("of", "every SITE"), ("periods", "last 240")];
        let (status, said) = refusal(world, people::PUBLIC, "series.xlsx", &asked).await;
        assert_eq!(status, 400);
        assert!(said.contains("a sheet holds 1048575: ask for CSV"), "{said}");
        let csv = begin(world, people::PUBLIC, "series.csv", &asked).await;
        assert_eq!(csv.status(), 200);
    });
}

#[test]
fn there_are_five_files_and_whoever_signs_in_badly_is_not_the_public() {
    on_sqlite(async |world| {
        for name in ["observations.xlsx", "series.pdf", "series", "audit.csv"] {
            let (status, _) = refusal(world, people::PUBLIC, name, &SOUND).await;
            assert_eq!(status, 404, "{name}");
        }
        for (name, kind) in [
            ("series.csv", "text/csv; charset=utf-8; header=present"),
            ("series.jsonl", "application/jsonl; charset=utf-8"),
            ("series.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            let answer = begin(world, people::PUBLIC, name, &SOUND).await;
            let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap();
            assert_eq!(header("content-type"), kind);
            let extension = name.split_once('.').unwrap().1;
            let expected = format!("attachment; filename=\"gpa-series-2026-01-15.{extension}\"");
            assert_eq!(header("content-disposition"), expected);
            assert_eq!(header("vary"), "authorization");
        }
        let nobody = Who { organisation: "ods:Y99999", ..people::PRACTICE };
        let (status, _) = refusal(world, nobody, "series.csv", &SOUND).await;
        assert_eq!(status, 401);
    });
}
