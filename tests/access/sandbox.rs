//! What the matrix asks of the sandbox: everybody who is signed in may control one, but the
//! world of the matrix is none. What they do to one is tested in `tests/sandbox`.

use serde_json::{Value, json};

pub(super) fn is_about(field: &str) -> bool {
    ["sandbox", "resetSandbox", "moveSandboxClock", "injectFaults", "clearFaults"].contains(&field)
}

pub(crate) fn input(field: &str, key: &str) -> Option<Value> {
    Some(match field {
        "resetSandbox" | "clearFaults" => json!({ "idempotencyKey": key }),
        "moveSandboxClock" => json!({ "idempotencyKey": key, "forward": { "days": 1 } }),
        "injectFaults" => json!({ "idempotencyKey": key, "kind": "INTERNAL" }),
        _ => return None,
    })
}
