//! What a setting's value may be, whichever source it comes from.
//!
//! Flags and variables are text, the file's values have types of their own: each
//! type here reads both, and names what it would have accepted.

use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{self, Unexpected, Visitor},
};

use crate::auth::keys::{Algorithm, trusted_url};

/// A whole number between two bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<const LEAST: u64, const MOST: u64>(pub u64);

impl<const LEAST: u64, const MOST: u64> Whole<LEAST, MOST> {
    pub(super) fn seconds(self) -> Duration {
        Duration::from_secs(self.0)
    }

    pub(super) fn size(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<'de, const LEAST: u64, const MOST: u64> Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor::<LEAST, MOST>)
    }
}

struct WholeVisitor<const LEAST: u64, const MOST: u64>;

impl<const LEAST: u64, const MOST: u64> Visitor<'_> for WholeVisitor<LEAST, MOST> {
    type Value = Whole<LEAST, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {LEAST} to {MOST}")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        if (LEAST..=MOST).contains(&number) {
            Ok(Whole(number))
        } else {
            Err(E::invalid_value(Unexpected::Unsigned(number), &self))
        }
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.parse() {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

/// On or off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Switch(pub bool);

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SwitchVisitor)
    }
}

struct SwitchVisitor;

impl Visitor<'_> for SwitchVisitor {
    type Value = Switch;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("on or off")
    }

    fn visit_bool<E: de::Error>(self, on: bool) -> Result<Switch, E> {
        Ok(Switch(on))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Switch, E> {
        match text {
            "on" | "true" => Ok(Switch(true)),
            "off" | "false" => Ok(Switch(false)),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

/// A text that is not empty.
#[derive(Debug, Clone)]
pub(super) struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(de::Error::invalid_value(
                Unexpected::Str(&text),
                &"a text that is not empty",
            ));
        }
        Ok(Self(text))
    }
}

/// Algorithms with commas between.
#[derive(Debug, Clone)]
pub(super) struct Algorithms(pub Vec<Algorithm>);

impl<'de> Deserialize<'de> for Algorithms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let named = text.split(',').map(|name| Algorithm::named(name.trim()));
        named.collect::<Option<_>>().map(Self).ok_or_else(|| {
            let wanted = &"RS256, RS512, PS256, ES256 or EdDSA, with commas between";
            de::Error::invalid_value(Unexpected::Str(&text), wanted)
        })
    }
}

/// Where the service is reached: https, or http on this machine, and nothing after it.
#[derive(Debug, Clone)]
pub(super) struct PublicUrl(pub String);

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let plain = !text.ends_with('/') && !text.contains(['?', '#']);
        if plain && trusted_url(&text).is_ok() {
            return Ok(Self(text));
        }
        let wanted = &"an address such as https://gpa.example.nhs.uk, without a slash at the end";
        Err(de::Error::invalid_value(Unexpected::Str(&text), wanted))
    }
}

/// Origins as browsers write them, with commas between.
#[derive(Debug, Clone)]
pub(super) struct Origins(pub Vec<String>);

impl<'de> Deserialize<'de> for Origins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let as_written = |text: &str| {
            let origin = trusted_url(text).ok()?.origin().ascii_serialization();
            (origin == text).then_some(origin)
        };
        let origins = text.split(',').map(|origin| as_written(origin.trim()));
        origins.collect::<Option<_>>().map(Self).ok_or_else(|| {
            let wanted = &"origins such as https://portal.example.nhs.uk, with commas between";
            de::Error::invalid_value(Unexpected::Str(&text), wanted)
        })
    }
}

/// An IP address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub IpAddr);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| {
            de::Error::invalid_value(
                Unexpected::Str(&text),
                &"an IP address, such as 127.0.0.1 or 0.0.0.0",
            )
        })
    }
}

/// What to log, in tracing's notation.
#[derive(Debug, Clone)]
pub(super) struct Filter(pub String);

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        match tracing_subscriber::filter::Targets::from_str(&text) {
            Ok(_) => Ok(Self(text)),
            Err(_) => Err(de::Error::invalid_value(
                Unexpected::Str(&text),
                &"off, error, warn, info, debug, trace, or a filter such as info,api=debug",
            )),
        }
    }
}

/// Where the database is. May hold a password, so it is never shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole address, password included: for opening the database, and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }
}

impl FromStr for DatabaseUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = ["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        match rest {
            Some(rest) if !rest.trim_matches('/').is_empty() => Ok(Self(text.to_owned())),
            _ => Err("must be sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE \
                      (its value may hold a password and is not shown)"),
        }
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = String::deserialize(deserializer).map_err(|_| "must be a text");
        read.and_then(|text| text.parse()).map_err(de::Error::custom)
    }
}

/// Names the place without user, password and parameters.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.0.split('?').next().unwrap_or_default();
        match (place.split_once("://"), place.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => write!(f, "{scheme}://…@{host}"),
            _ => f.write_str(place),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}
