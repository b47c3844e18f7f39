//! Registered patients, from files of either era.

use serde_json::json;

use super::{LEEDS, Made, import, ods, site};
use crate::harness::on_both_new;

const OLD: &str = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n";
const NEW: &str = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n";

#[test]
fn counts_of_both_eras_stand_by_their_days_whatever_the_order_of_loading() {
    on_both_new(async |world| {
        let register = Made::new("epraccur.csv", ods(&[LEEDS]));
        import(world, "ods", &register, &["--edition", "2023-01-31"]).await.summary();
        let new = format!(
            "{NEW}GP_PRAC_PAT_LIST,2025-10-01,GP,15F,E38000225,B86001,LS14 1HX,ALL,ALL,9001\nGP_PRAC_PAT_LIST,2025-10-01,GP,15F,E38000225,B99999,LS14 1HX,ALL,ALL,7\n"
        );
        let new = Made::new("gp-reg-pat-prac-all_2025-10.csv", new);
        let ran = import(world, "list-sizes", &new, &["--edition", "2025-10-01"]).await;
        assert!(
            ran.summary().contains("1 counted") && ran.out.contains("1 refused; written"),
            "{}",
            ran.out
        );
        assert!(ran.err.contains("gp-reg-pat-prac-all_2025-10.csv:3: column 6"), "{}", ran.err);
        let old = format!(
            "{OLD}GP_PRAC_PAT_LIST,01JAN2021,GP,15F,E38000225,B86001,LS14 1HX,ALL,ALL,8500\n"
        );
        let old = Made::new("gp-reg-pat-prac-all_2021.csv", old);
        import(world, "list-sizes", &old, &["--edition", "2021-01-01"]).await.summary();
        let again = import(world, "list-sizes", &old, &["--edition", "2021-01-02"]).await;
        assert!(again.summary().contains("0 counted, 1 unchanged"), "{}", again.out);
        assert_eq!(
            site(world, "B86001", "2026-01-15").await["listSizes"],
            json!([
                {"countedOn": "2021-01-01", "patients": 8500},
                {"countedOn": "2025-10-01", "patients": 9001},
            ])
        );
    });
}
