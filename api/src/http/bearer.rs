//! The token of a request, if it brings one.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

const LONGEST_TOKEN: usize = 8 * 1024;

/// A request that says who is calling in a way that we do not understand. It is refused:
/// whoever meant to sign in must not be answered as the public.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// The bearer token; `None` where nobody tries to sign in.
pub(super) fn token(headers: &HeaderMap) -> Result<Option<&str>, Unreadable> {
    let mut given = headers.get_all(AUTHORIZATION);
    let Some(header) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(Unreadable);
    }
    in_text(header.to_str().map_err(|_| Unreadable)?).map(Some)
}

/// The token in what follows `authorization:`.
pub(super) fn in_text(text: &str) -> Result<&str, Unreadable> {
    let (scheme, token) = text.split_once(' ').ok_or(Unreadable)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let sound = scheme.eq_ignore_ascii_case("bearer")
        && (1..=LONGEST_TOKEN).contains(&token.len())
        && token.bytes().all(plain);
    if sound { Ok(token) } else { Err(Unreadable) }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_token_is_one_word_after_bearer() {
        assert_eq!(token(&headers(&[])), Ok(None));
        assert_eq!(token(&headers(&["Bearer a.b-c_d"])), Ok(Some("a.b-c_d")));
        assert_eq!(token(&headers(&["bearer x"])), Ok(Some("x")));
    }

    #[test]
    fn anything_else_is_refused_and_is_not_the_public() {
        let long = format!("Bearer {}", "x".repeat(LONGEST_TOKEN + 1));
        for wrong in ["", "Bearer", "Bearer ", "Bearer a b", "Basic eDp5", "x", "Bearer a,b", &long]
        {
            assert_eq!(token(&headers(&[wrong])), Err(Unreadable), "{wrong:.20}");
        }
        assert_eq!(token(&headers(&["Bearer x", "Bearer x"])), Err(Unreadable));
    }
}
