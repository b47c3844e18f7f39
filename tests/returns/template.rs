//! The form of a return as a file: its headings, its rows, and for whom.

use std::sync::Arc;

use actix_web::{App as Routes, http::StatusCode, middleware::from_fn, test as sent, web::Data};
use api::http::{self, Door};
use calamine::{Data as CellData, Reader, Xlsx};
use serde_json::{Value, json};

use super::{december, of_hubs, of_sites, send};
use crate::harness::{Who, World, on_both, people};

/// Fetches a path; gives the status, the type, and the bytes.
pub(super) async fn fetch(world: &World, who: Who, path: &str) -> (StatusCode, String, Vec<u8>) {
    let door = Data::new(Door::new(Arc::clone(&world.app)).unwrap());
    let routes = Routes::new().wrap(from_fn(http::observe));
    let service =
        sent::init_service(routes.configure(|routes| http::configure(routes, door.clone()))).await;
    let mut request = sent::TestRequest::get().uri(path);
    if let Some(token) = world.token(who) {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    let answer = sent::call_service(&service, request.to_request()).await;
    let media = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    (answer.status(), media, sent::read_body(answer).await.to_vec())
}

pub(super) fn path(schedule: &Value, ending: &str, more: &str) -> String {
    let id = schedule.as_str().unwrap();
    format!("/returns/template.{ending}?schedule={id}&month=2025-12{more}")
}

#[test]
fn a_hubs_form_has_its_headings_and_whatever_is_saved() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let headings = "Organisation code,Organisation,Month,\
            Places filled (count) [survey.places],\
            GP hours released (hours) [impact.gp_hours_released],\
            Letters passed to a GP [impact.letters_to_gp_share:numerator],\
            Letters received [impact.letters_to_gp_share:denominator],Explanation";
        let (status, media, bytes) =
            fetch(world, people::YORKSHIRE, &path(&schedule, "csv", "")).await;
        assert_eq!((status, &*media), (StatusCode::OK, "text/csv; charset=utf-8"));
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], headings);
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[1].starts_with("west-yorkshire,"), "{text}");
        assert!(lines[1].ends_with(",2025-12,,,,,"), "{text}");

        let mut draft = december(&schedule);
        draft["values"][1] = json!({
            "metric": "impact.gp_hours_released", "answer": "NIL", "explanation": "=no, none",
        });
        send(world, people::YORKSHIRE, "saveReturnDraft", draft).await;
        let (_, _, bytes) = fetch(world, people::YORKSHIRE, &path(&schedule, "csv", "")).await;
        let text = String::from_utf8(bytes).unwrap();
        let filled = ",2025-12,12,NIL,30,120,\"'=no, none\"";
        assert!(text.lines().last().unwrap().ends_with(filled), "{text}");

        let (_, _, bytes) = fetch(world, people::YORKSHIRE, &path(&schedule, "xlsx", "")).await;
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("Return").unwrap();
        let row: Vec<_> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(row.join(","), headings);
        assert_eq!(sheet.get_value((1, 3)), Some(&CellData::Float(12.0)));
    });
}

#[test]
fn a_form_of_sites_has_a_row_for_each_that_owes_within_reach() {
    on_both(async |world| {
        let schedule = of_sites(world).await;
        let codes = async |who, more: &str| {
            let (status, _, bytes) = fetch(world, who, &path(&schedule, "csv", more)).await;
            assert_eq!(status, StatusCode::OK);
            let text = String::from_utf8(bytes).unwrap();
            let lines = text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
            lines.collect::<Vec<_>>()
        };
        assert_eq!(codes(people::PRACTICE, "").await, ["Y90001"]);
        let hubs = codes(people::YORKSHIRE, "").await;
        for (code, owes) in
            [("Y90001", true), ("Y90003", false), ("Y90004", false), ("Y90005", true)]
        {
            assert_eq!(hubs.iter().any(|known| known == code), owes, "{code}: {hubs:?}");
        }
        let one = codes(people::NATIONAL, "&organisation=ods:Y90004").await;
        assert_eq!(one, ["Y90004"]);
        let theirs = codes(people::NATIONAL, "&organisation=hub:west-yorkshire").await;
        assert_eq!(theirs, hubs);
        let outside = codes(people::YORKSHIRE, "&organisation=ods:Y90004").await;
        assert!(outside.is_empty(), "{outside:?}");
    });
}

#[test]
fn whoever_may_not_read_returns_gets_no_form() {
    on_both(async |world| {
        let schedule = of_hubs(world, 14).await;
        let good = path(&schedule, "csv", "");
        for (who, path, wanted) in [
            (people::PUBLIC, good.clone(), 401),
            (people::BOARD, good.clone(), 403),
            (people::YORKSHIRE, good.replace("2025-12", "2026-01"), 400),
            (people::YORKSHIRE, good.replace("2025-12", "2025-09"), 400),
            (people::YORKSHIRE, good.replace("month", "moon"), 400),
            (people::YORKSHIRE, format!("{good}&organisation=ods:Y99999"), 404),
            (people::YORKSHIRE, format!("{good}&organisation=client:x"), 400),
        ] {
            let (status, media, bytes) = fetch(world, who, &path).await;
            assert_eq!(status.as_u16(), wanted, "{path}");
            assert!(media.starts_with("application/json"), "{media}");
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            assert!(answer["errors"][0]["extensions"]["code"].is_string());
        }
    });
}
