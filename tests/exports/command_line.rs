//! `gpa export` and `gpa check`, as somebody at the machine runs them.

use std::process::{Command, Output};

use sea_orm::ConnectionTrait;

use super::{file, record_both};
use crate::harness::{World, on_both, people};

fn run(world: &World, words: &[&str]) -> Output {
    let gpa = Command::new(env!("CARGO_BIN_EXE_gpa"))
        .args(words)
        .args(["--database-url", world.url(), "--log", "warn"])
        .env_clear()
        .output();
    gpa.unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_files_are_those_of_the_front_door() {
    on_both(async |world| {
        record_both(world).await;
        let asked = [
            ("metrics", "survey.started,impact.gp_hours_released"),
            ("of", "every ICB"),
            ("periods", "2025-10..2025-11"),
            ("boundaries", "AT_PERIOD"),
        ];
        let words: Vec<String> =
            asked.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let exact = run(world, &[&["export", "series.csv"], &words[..]].concat());
        assert!(exact.status.success(), "{}", err(&exact));
        assert!(exact.stdout == file(world, people::NATIONAL, "series.csv", &asked).await);
        let public = run(world, &[&["export", "--public", "series.csv"], &words[..]].concat());
        assert!(public.stdout == file(world, people::PUBLIC, "series.csv", &asked).await);
        assert_ne!(public.stdout, exact.stdout);

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let output = path.to_str().unwrap();
        let written = run(world, &["export", "observations.jsonl", "--output", output]);
        assert!(written.status.success(), "{}", err(&written));
        let expected = file(world, people::NATIONAL, "observations.jsonl", &[]).await;
        assert!(std::fs::read(&path).unwrap() == expected);
    });
}

#[test]
fn a_file_that_is_not_whole_is_not_there() {
    on_both(async |world| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figures.csv");
        let output = path.to_str().unwrap();
        let refused = run(world, &["export", "series.csv", "of=england", "--output", output]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains("metrics is missing"), "{}", err(&refused));
        world.raw.execute_unprepared("ALTER TABLE observation RENAME TO gone").await.unwrap();
        let broken = run(world, &["export", "observations.csv", "--output", output]);
        assert!(!broken.status.success());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}

#[test]
fn a_sum_that_is_wrong_is_named_and_the_check_fails() {
    on_both(async |world| {
        record_both(world).await;
        let (sums, records) = ("of 11 observations, 0 differ\n", "tallies, 0 breaches\n");
        for (words, said) in [
            (&["check"][..], &[sums, records][..]),
            (&["check", "rollups"], &[sums]),
            (&["check", "records"], &[records]),
        ] {
            let sound = run(world, words);
            assert!(sound.status.success(), "{}", err(&sound));
            let out = String::from_utf8(sound.stdout).unwrap();
            assert_eq!(out.lines().count(), said.len(), "{out}");
            assert!(said.iter().all(|line| out.contains(line)), "{out}");
        }
        let wrong = "UPDATE rollup SET value = value + 1000000 WHERE month = 202511
            AND place_id = (SELECT organisation_id FROM organisation_code WHERE code = 'Y63')
            AND series_id = (SELECT id FROM metric_version WHERE code = 'survey.started')";
        let changed = world.raw.execute_unprepared(wrong).await.unwrap().rows_affected();
        assert_eq!(changed, 1);
        let found = run(world, &["check", "rollups"]);
        assert_eq!(found.status.code(), Some(1));
        let out = String::from_utf8(found.stdout.clone()).unwrap();
        let line = out.lines().next().unwrap();
        let named = "survey.started of North East and Yorkshire in 2025-11";
        assert!(line.starts_with(named), "{out}");
        assert!(line.contains("kept ") && line.contains("should be "), "{out}");
        assert!(err(&found).contains("1 sum is not what"), "{}", err(&found));
    });
}
