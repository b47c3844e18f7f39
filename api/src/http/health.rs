//! Whether the program runs, and whether it should be sent requests.

use std::time::Duration;

use actix_web::{HttpResponse, web::Data};
use serde_json::json;

use super::Door;

/// A database that takes longer than this to say that it is there is not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /health/live`: the process answers. Asks nothing else, so that a database's
/// trouble does not get every instance restarted.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// `GET /health/ready`: requests can be carried out, and the program is not stopping.
pub(super) async fn ready(door: Data<Door>) -> HttpResponse {
    if door.is_stopping() {
        return HttpResponse::ServiceUnavailable().json(json!({ "status": "stopping" }));
    }
    match tokio::time::timeout(PATIENCE, door.app.ready()).await {
        Ok(true) => HttpResponse::Ok().json(json!({ "status": "ready" })),
        Ok(false) | Err(_) => {
            HttpResponse::ServiceUnavailable().json(json!({ "status": "not ready" }))
        }
    }
}
