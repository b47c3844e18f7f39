//! Sites: finding, listing and changing them.

use serde_json::json;

use crate::harness::{on_both, people};

#[test]
fn a_site_is_found() {
    on_both(async |world| {
        let data = world
            .data(
                people::PUBLIC,
                "{ site(by: { odsCode: \"Y90001\" }) { name placement { trainingHub { slug } pcn { odsCode } } } }",
                json!({}),
            )
            .await;
        assert_eq!(data["site"]["name"], "Moor View Surgery");
    });
}
