//! Which of the two media types of GraphQL an answer is written in.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// The media types of a GraphQL answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells how the request went.
    Response,
    /// `application/json`: the status tells only whether GraphQL was reached.
    Json,
}

impl Media {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    fn essence(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }
}

/// The best media type for a request's `Accept`; `None` where neither will do.
///
/// Where both are equally welcome the one that was named wins over a wildcard; where
/// both were named, the one that tells more. A client that says nothing gets JSON.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Media> {
    let mut ranges = Vec::new();
    for header in headers.get_all(ACCEPT) {
        ranges.extend(header.to_str().ok()?.split(',').filter_map(Range::read));
    }
    if ranges.is_empty() {
        let silent =
            headers.get_all(ACCEPT).all(|header| header.as_bytes().trim_ascii().is_empty());
        return silent.then_some(Media::Json);
    }
    let rank = |media: Media| {
        let range =
            ranges.iter().filter(|range| range.covers(media)).max_by_key(|range| range.names())?;
        (range.quality > 0).then(|| (range.quality, range.names()))
    };
    match (rank(Media::Response), rank(Media::Json)) {
        (None, None) => None,
        (Some(response), Some(json)) if response > json || (response == json && json.1 == 2) => {
            Some(Media::Response)
        }
        (Some(_), None) => Some(Media::Response),
        (_, Some(_)) => Some(Media::Json),
    }
}

/// Whether a client names server-sent events among what it takes.
pub(super) fn takes_events(headers: &HeaderMap) -> bool {
    let ranges = headers.get_all(ACCEPT).filter_map(|header| header.to_str().ok());
    let mut ranges = ranges.flat_map(|header| header.split(',').filter_map(Range::read));
    ranges.any(|range| range.essence == "text/event-stream" && range.quality > 0)
}

struct Range {
    essence: String,
    /// In thousandths.
    quality: u16,
}

impl Range {
    /// `None` for what is no range, or asks for another charset than ours.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| !essence.is_empty())?.to_ascii_lowercase();
        let mut quality = 1000;
        for part in parts {
            let (name, value) = part.split_once('=')?;
            let value = value.trim_matches('"');
            match name.to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value)?,
                "charset" if !value.eq_ignore_ascii_case("utf-8") => return None,
                _ => {}
            }
        }
        Some(Self { essence, quality })
    }

    fn covers(&self, media: Media) -> bool {
        self.essence == media.essence() || matches!(self.essence.as_str(), "application/*" | "*/*")
    }

    /// How much of a media type the range names.
    fn names(&self) -> u8 {
        match self.essence.as_str() {
            "*/*" => 0,
            "application/*" => 1,
            _ => 2,
        }
    }
}

fn thousandths(text: &str) -> Option<u16> {
    let quality: f32 = text.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 1000")]
    (0.0..=1.0).contains(&quality).then(|| (quality * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn accept(header: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(header).unwrap());
        accepted(&headers)
    }

    #[test]
    fn the_client_chooses() {
        assert_eq!(accepted(&HeaderMap::new()), Some(Media::Json));
        for json in [
            "",
            "*/*",
            "application/*",
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json, */*;q=0.1",
            "application/graphql-response+json;q=0.5, application/json",
            "*/*, application/graphql-response+json;q=0",
            "text/html, application/xhtml+xml, */*;q=0.8",
        ] {
            assert_eq!(accept(json), Some(Media::Json), "{json}");
        }
        for response in [
            "application/graphql-response+json",
            "application/graphql-response+json, application/json;q=0.9",
            "application/json, application/graphql-response+json",
            "application/graphql-response+json, */*",
            "*/*, application/json;q=0",
        ] {
            assert_eq!(accept(response), Some(Media::Response), "{response}");
        }
    }

    #[test]
    fn events_are_sent_to_whoever_names_them() {
        let takes = |header| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(header));
            takes_events(&headers)
        };
        assert!(takes("text/event-stream") && takes("application/json, text/event-stream;q=0.1"));
        assert!(!takes("*/*") && !takes("text/*") && !takes("text/event-stream;q=0"));
    }

    #[test]
    fn what_we_cannot_write_is_not_acceptable() {
        for other in [
            "text/html",
            "application/json;q=0",
            "*/*;q=0",
            "application/json; charset=latin1",
            "application/json;q=2",
            "nonsense",
        ] {
            assert_eq!(accept(other), None, "{other}");
        }
    }
}
