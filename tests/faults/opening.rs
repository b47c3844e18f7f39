//! Two instances that start at once on a database that nothing was ever written to.

use api::{app::App, clock::Clock};
use futures_util::future::join_all;
use migration::MigratorTrait;
use sea_orm::{ConnectionTrait, Statement};

use crate::harness::{config, now, on_both_empty, raw};

#[test]
fn both_come_up_and_one_of_them_migrates() {
    on_both_empty(async |url| {
        let start = || {
            let url = url.to_owned();
            std::thread::spawn(move || {
                actix_web::rt::System::new().block_on(async move {
                    let app = App::open(config(&url, &[]), Clock::fixed(now())).await.unwrap();
                    app.demonstrate().await.unwrap();
                    let ready = app.ready().await;
                    app.store.close().await;
                    ready
                })
            })
        };
        let instances: Vec<_> = (0..3).map(|_| start()).collect();
        let ready = join_all(instances.into_iter().map(|it| async { it.join().unwrap() })).await;
        assert_eq!(ready, [true; 3]);

        let raw = raw(url).await;
        let number = async |statement: &str| -> i64 {
            let asked = Statement::from_string(raw.get_database_backend(), statement);
            raw.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
        };
        let migrated = number("SELECT COUNT(*) FROM seaql_migrations").await;
        assert_eq!(migrated, migration::Migrator::migrations().len() as i64);
        let regions = "SELECT COUNT(*) FROM organisation WHERE kind = 'REGION'";
        assert_eq!(number(regions).await, 7);
        // The register, the metrics, the rules, the content, the demonstration's
        // organisations and their stories.
        assert_eq!(number("SELECT COUNT(*) FROM audit").await, 6, "one load of each");
        assert_eq!(number("SELECT COUNT(*) FROM competency_framework").await, 1);
        assert_eq!(number("SELECT COUNT(*) - MAX(position) FROM change").await, 0);
        raw.close().await.unwrap();
    });
}
