//! Where webhooks do not lead, whatever they are told.

use std::{io, net::IpAddr, sync::Arc};

use api::webhooks::names::Names;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::json;

use super::{deliver, done, receiver::Receiver, register, rename, send};
use crate::harness::{on_both, people};

#[test]
fn addresses_that_webhooks_do_not_lead_to_are_refused() {
    on_both(async |world| {
        for url in [
            "portal.example",
            "http://portal.example/",
            "ftp://portal.example/",
            "https://user:password@portal.example/",
            "https://portal.example/#here",
            "https://10.0.0.1/",
            "https://192.168.0.1/",
            "https://172.20.0.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://0.0.0.0/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://3232235521/",
        ] {
            let before = world.rows().await;
            let input = json!({ "idempotencyKey": "refused", "url": url });
            let refused = send(world, people::YORKSHIRE, "registerWebhook", input).await;
            assert_eq!(refused["problems"][0]["path"], "input.url", "{url}: {refused:#}");
            assert_eq!(refused["problems"].as_array().unwrap().len(), 1, "{url}");
            assert_eq!(world.rows().await, before, "{url}");
        }
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        let input = json!({ "id": hook.id, "expectedVersion": 1, "url": "https://10.0.0.1/" });
        let refused = send(world, people::YORKSHIRE, "changeWebhook", input).await;
        assert_eq!(refused["problems"][0]["path"], "input.url");
    });
}

/// Names that all lead to this machine.
struct Rebound;

impl Names for Rebound {
    fn addresses(&self, _: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        async { Ok(vec!["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()]) }.boxed()
    }
}

#[test]
fn a_name_that_leads_elsewhere_by_now_is_not_followed() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let port = receiver.url.rsplit(':').next().unwrap();
        let url = format!("https://harmless.example:{port}");
        let hook = register(world, people::YORKSHIRE, &url).await;
        rename(world, "Y90001", "One").await;
        world.app.couriers(Arc::new(Rebound)).unwrap().turn().await.unwrap();
        let log = hook.now(world).await["deliveries"]["nodes"][0].take();
        let astray = "its name leads to private, local or reserved addresses";
        assert_eq!((&log["failure"], &log["delivered"]), (&json!(astray), &json!(false)));
        assert_eq!(receiver.arrived(), 0);
    });
}

#[test]
fn redirects_are_not_followed() {
    on_both(async |world| {
        let (first, second) = (Receiver::new(), Receiver::new());
        let to = second.url.clone();
        first.answer(move |_| (307, Some(("location", to.clone()))));
        let hook = register(world, people::YORKSHIRE, &first.url).await;
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        assert_eq!((first.arrived(), second.arrived()), (1, 0));
        let log = hook.now(world).await["deliveries"]["nodes"][0].take();
        assert_eq!(log["failure"], "it answered with 307: redirects are not followed");
    });
}

#[test]
fn what_was_allowed_once_is_judged_again_at_each_delivery() {
    on_both(async |world| {
        let receiver = Receiver::new();
        let hook = register(world, people::YORKSHIRE, &receiver.url).await;
        let stored = "UPDATE webhook SET url = 'https://10.0.0.1/'";
        sea_orm::ConnectionTrait::execute_unprepared(&world.raw, stored).await.unwrap();
        rename(world, "Y90001", "One").await;
        deliver(world).await;
        let log = hook.now(world).await["deliveries"]["nodes"][0].take();
        let local = "webhooks do not lead to private, local or reserved addresses";
        assert_eq!((&log["failure"], &log["statusCode"]), (&json!(local), &json!(null)));
        assert_eq!(receiver.arrived(), 0);
    });
}

#[test]
fn an_owner_has_so_many_and_no_more() {
    on_both(async |world| {
        for number in 0..100 {
            let url = format!("https://portal.example/{number}");
            let input = json!({ "idempotencyKey": url, "url": url });
            done(world, people::YORKSHIRE, "registerWebhook", input).await;
        }
        let input = json!({ "idempotencyKey": "more", "url": "https://portal.example/more" });
        let refused = send(world, people::YORKSHIRE, "registerWebhook", input.clone()).await;
        assert_eq!(refused["problems"][0]["code"], "OUT_OF_RANGE");
        done(world, people::CHESHIRE, "registerWebhook", input).await;
    });
}
