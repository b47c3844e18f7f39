//! Where names lead, asked anew for each connection: a name that was harmless when the
//! webhook was registered may lead into somebody's network when it is called.

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use futures_util::{FutureExt, future::BoxFuture};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::domain::webhooks::target::{Targets, names_this_machine};

/// Finds the addresses of a name.
pub trait Names: Send + Sync {
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// As the machine does it.
pub struct SystemNames;

impl Names for SystemNames {
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        let found = async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        };
        found.boxed()
    }
}

/// What connections are made by: addresses that webhooks may lead to, and no others.
pub(super) struct Judged {
    pub(super) targets: Targets,
    pub(super) names: Arc<dyn Names>,
}

/// A name leads nowhere that webhooks may lead to.
#[derive(Debug)]
pub(super) struct LeadsAstray;

impl fmt::Display for LeadsAstray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its name leads to private, local or reserved addresses")
    }
}

impl Error for LeadsAstray {}

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        let (targets, here) = (self.targets, names_this_machine(name.as_str()));
        let found = self.names.addresses(name.as_str());
        Box::pin(async move {
            let found = found.await?;
            let admitted = found.into_iter().filter(|it| targets.leads_to(*it, here).is_ok());
            let admitted: Vec<_> = admitted.map(|address| SocketAddr::new(address, 0)).collect();
            if admitted.is_empty() {
                return Err(LeadsAstray.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}
