//! Where a webhook may lead: to an https address in the internet; to this machine itself
//! while somebody develops a receiver there; to private networks where the operator allows
//! it. Names are judged once more by the addresses that they lead to, at each connection.

use std::net::IpAddr;

use url::{Host, Url};

use super::addresses::{Place, place};

const LONGEST: usize = 2_000;

/// Which places webhooks may lead to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Targets {
    /// This machine, by a name or an address that says so.
    pub this_machine: bool,
    /// Private networks, and this machine by whatever name.
    pub private: bool,
}

impl Targets {
    /// The address, if a webhook may lead there; otherwise a sentence that says why not.
    pub fn read(self, text: &str) -> Result<Url, &'static str> {
        if text.len() > LONGEST {
            return Err("an address has at most 2,000 characters");
        }
        let url = Url::parse(text.trim())
            .map_err(|_| "send a whole address, such as https://portal.example/gpa")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("leave out the user and the password: what is sent is signed");
        }
        if url.fragment().is_some() {
            return Err("leave out what follows the #: it is sent to nobody");
        }
        self.admits(&url).map(|()| url)
    }

    /// Whether something may be sent to an address, as far as itself tells.
    pub fn admits(self, url: &Url) -> Result<(), &'static str> {
        let here = is_here(url);
        match (url.scheme(), url.host()) {
            ("https", Some(_)) => {}
            ("http", Some(_)) if here && (self.this_machine || self.private) => {}
            _ => return Err("send an https address"),
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.leads_to(IpAddr::V4(address), here),
            Some(Host::Ipv6(address)) => self.leads_to(IpAddr::V6(address), here),
            _ if here && !(self.this_machine || self.private) => Err(NOT_THERE),
            _ => Ok(()),
        }
    }

    /// Whether a connection may be made to an address; `here`, if it was asked for as this
    /// machine itself.
    pub fn leads_to(self, address: IpAddr, here: bool) -> Result<(), &'static str> {
        let may = match place(address) {
            Place::Public => true,
            Place::Loopback => self.private || self.this_machine && here,
            Place::Private => self.private,
            Place::Nowhere => false,
        };
        if may { Ok(()) } else { Err(NOT_THERE) }
    }
}

const NOT_THERE: &str = "webhooks do not lead to private, local or reserved addresses";

/// Whether a name means this machine wherever it is asked.
pub fn names_this_machine(name: &str) -> bool {
    name.trim_end_matches('.').eq_ignore_ascii_case("localhost")
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => names_this_machine(name),
        Some(Host::Ipv4(address)) => place(IpAddr::V4(address)) == Place::Loopback,
        Some(Host::Ipv6(address)) => place(IpAddr::V6(address)) == Place::Loopback,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCTION: Targets = Targets { this_machine: false, private: false };
    const DEVELOPMENT: Targets = Targets { this_machine: true, private: false };
    const INSIDE: Targets = Targets { this_machine: false, private: true };

    fn admitted(targets: Targets, text: &str) -> bool {
        targets.read(text).is_ok()
    }

    #[test]
    fn https_in_the_internet_is_good_everywhere() {
        for text in [
            "https://portal.example/hooks?for=gpa",
            "https://portal.example:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1]/",
        ] {
            for targets in [PRODUCTION, DEVELOPMENT, INSIDE] {
                assert!(admitted(targets, text), "{text} {targets:?}");
            }
        }
    }

    #[test]
    fn this_machine_is_good_for_developers_and_private_networks_where_allowed() {
        for text in ["http://127.0.0.1:9/", "http://localhost:9/", "https://[::1]:9/"] {
            assert!(!admitted(PRODUCTION, text), "{text}");
            assert!(admitted(DEVELOPMENT, text) && admitted(INSIDE, text), "{text}");
        }
        for text in ["https://10.0.0.1/", "https://192.168.7.7/", "https://[fd00::1]/"] {
            assert!(!admitted(PRODUCTION, text) && !admitted(DEVELOPMENT, text), "{text}");
            assert!(admitted(INSIDE, text), "{text}");
        }
    }

    #[test]
    fn whatever_else_is_refused_everywhere() {
        for text in [
            "",
            "portal.example",
            "//portal.example/",
            "http://portal.example/",
            "http://10.0.0.1/",
            "ftp://portal.example/",
            "file:///etc/passwd",
            "data:text/plain,hello",
            "https://user@portal.example/",
            "https://user:secret@portal.example/",
            "https://portal.example/#part",
            "https://169.254.169.254/latest/meta-data/",
            "https://0.0.0.0/",
            "https://0/",
            "https://[::]/",
            "https://[::ffff:169.254.169.254]/",
            "https://[fe80::1]/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
        ] {
            for targets in [PRODUCTION, DEVELOPMENT, INSIDE] {
                assert!(!admitted(targets, text), "{text} {targets:?}");
            }
        }
        // As other spellings of an address of this machine or of a private network.
        for text in [
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://0300.0250.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost./",
            "https://LOCALHOST/",
        ] {
            assert!(!admitted(PRODUCTION, text), "{text}");
        }
        assert!(!admitted(INSIDE, &format!("https://portal.example/{}", "x".repeat(2_000))));
    }

    #[test]
    fn a_name_leads_to_this_machine_only_where_it_says_so() {
        let home = "127.0.0.1".parse().unwrap();
        assert!(DEVELOPMENT.leads_to(home, true).is_ok());
        assert!(DEVELOPMENT.leads_to(home, false).is_err());
        assert!(PRODUCTION.leads_to(home, true).is_err());
        assert!(INSIDE.leads_to(home, false).is_ok());
    }
}
