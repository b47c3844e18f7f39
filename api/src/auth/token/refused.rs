//! Why a token is refused: one sentence for its bearer, one word or two for the log.
//!
//! Every value is known when the program is compiled, so neither form can repeat
//! anything that a token holds. There is no `Display`: which form is meant is said
//! where it is used.

/// A part of a token in compact form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    Header,
    Claims,
    Signature,
}

/// Why a token is refused. Claims carry the names of RFC 9068 even where an issuer
/// uses others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenRefused {
    /// Longer than 8 kB, or its header longer than 1 kB.
    TooLong,
    /// Not three parts joined by dots.
    NotThreeParts,
    /// A part is not base64url in its one spelling, without padding.
    Encoding(Part),
    /// A part is not a JSON object.
    NotJson(Part),
    /// A part has an object with two members of one name.
    RepeatedMember(Part),
    /// A header member other than `alg`, `typ` and `kid`; its name if it is a known one.
    HeaderMember(&'static str),
    /// `typ` is not `at+jwt`.
    Type,
    /// `alg` is not an algorithm that this service ever uses, such as `none` or `HS256`.
    ForbiddenAlgorithm,
    /// There is no `kid`, or it is not text.
    NoKey,
    /// The issuer is not one of ours.
    UnknownIssuer,
    /// The issuer has no such key, or has it no longer.
    UnknownKey,
    /// `alg` is not the algorithm of the key that `kid` names.
    AlgorithmOfKey,
    /// The key did not sign this.
    Signature,
    /// A claim that every token needs is not there.
    Missing(&'static str),
    /// A claim has another type or form than it must.
    Mistyped(&'static str),
    /// A claim that this service does not know and was not told to ignore.
    UnknownClaim,
    /// `aud` does not contain this service.
    Audience,
    /// `exp` is not after `iat`, or more than an hour after it.
    Lifetime,
    /// `iat` is in the future.
    IssuedInFuture,
    /// `nbf` is in the future.
    NotYetValid,
    /// `exp` is in the past.
    Expired,
    /// The role is none of the programme's.
    UnknownRole,
    /// The organisation's code is not one.
    Organisation,
    /// The organisation is of a kind that cannot hold the role.
    OrganisationKind,
    /// A scope on a role that has none.
    ScopeNotForRole,
    /// A scope that is none of the programme's.
    UnknownScope,
    /// The scope that stands for this service, with that issuer, is not there.
    RequiredScope,
    /// An assertion's `iss` and `sub` are not both the client.
    NotOfOneClient,
}

impl TokenRefused {
    /// What to tell the bearer: what is wrong, and what to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TooLong
            | Self::NotThreeParts
            | Self::Encoding(_)
            | Self::NotJson(_)
            | Self::RepeatedMember(_) => {
                "this is not a signed JSON Web Token in compact form: send the token exactly as it was issued"
            }
            Self::HeaderMember(_) | Self::Type | Self::ForbiddenAlgorithm | Self::NoKey => {
                "this is not an access token for this service: its header must hold typ (at+jwt), alg (RS256, RS512, PS256, ES256 or EdDSA) and kid, and nothing else"
            }
            Self::UnknownIssuer => {
                "the token's issuer is not trusted here: get one from an issuer that this service knows"
            }
            Self::UnknownKey | Self::AlgorithmOfKey => {
                "the token was not signed with a current key of its issuer: get a new one"
            }
            Self::Signature => "the token's signature does not match its content: get a new one",
            Self::Missing(_) => {
                "the token lacks a claim: iss, sub, aud, exp, iat, jti, role and organisation are needed, and scope for integrators"
            }
            Self::Mistyped(_) => {
                "a claim of the token has the wrong form: times are whole seconds since 1970, the others are plain text of up to 255 characters"
            }
            Self::UnknownClaim => {
                "the token holds a claim that this service does not know: have its issuer leave it out, or the service's operator ignore it"
            }
            Self::Audience => {
                "the token is meant for another service: ask its issuer for one with this service's audience"
            }
            Self::Lifetime => {
                "the token's lifetime is not between a second and an hour: get a shorter-lived one"
            }
            Self::IssuedInFuture | Self::NotYetValid => {
                "the token is not valid yet: wait, or check the clock of the machine that issued it"
            }
            Self::Expired => "the token has expired: get a new one",
            Self::UnknownRole => "the token's role is not one of the programme's roles",
            Self::Organisation => {
                "the token's organisation is not an organisation code: ods:…, hub:…, provider:…, programme:… or client:… is needed"
            }
            Self::OrganisationKind => {
                "the token's organisation is of a kind that cannot hold its role: for example, hub_team needs hub:…, and site_team needs ods:…"
            }
            Self::ScopeNotForRole => "the token holds a scope, which only the role integrator has",
            Self::UnknownScope => {
                "the token holds an unknown scope: progress:read, sites:read, returns:write, enrolments:write and changes:read exist, written with one space between"
            }
            Self::RequiredScope => {
                "the token lacks the scope that stands for this service: ask its issuer for one with it"
            }
            Self::NotOfOneClient => "iss and sub of an assertion are both the client's id",
        }
    }

    /// The reason in a few words, for the log.
    pub fn reason(self) -> String {
        let (word, of) = match self {
            Self::TooLong => ("too_long", ""),
            Self::NotThreeParts => ("not_three_parts", ""),
            Self::Encoding(part) => ("encoding", part.name()),
            Self::NotJson(part) => ("not_json", part.name()),
            Self::RepeatedMember(part) => ("repeated_member", part.name()),
            Self::HeaderMember(name) => ("header_member", name),
            Self::Type => ("type", ""),
            Self::ForbiddenAlgorithm => ("forbidden_algorithm", ""),
            Self::NoKey => ("no_key", ""),
            Self::UnknownIssuer => ("unknown_issuer", ""),
            Self::UnknownKey => ("unknown_key", ""),
            Self::AlgorithmOfKey => ("algorithm_of_key", ""),
            Self::Signature => ("signature", ""),
            Self::Missing(claim) => ("missing_claim", claim),
            Self::Mistyped(claim) => ("mistyped_claim", claim),
            Self::UnknownClaim => ("unknown_claim", ""),
            Self::Audience => ("audience", ""),
            Self::Lifetime => ("lifetime", ""),
            Self::IssuedInFuture => ("issued_in_future", ""),
            Self::NotYetValid => ("not_yet_valid", ""),
            Self::Expired => ("expired", ""),
            Self::UnknownRole => ("unknown_role", ""),
            Self::Organisation => ("organisation", ""),
            Self::OrganisationKind => ("organisation_kind", ""),
            Self::ScopeNotForRole => ("scope_not_for_role", ""),
            Self::UnknownScope => ("unknown_scope", ""),
            Self::RequiredScope => ("required_scope", ""),
            Self::NotOfOneClient => ("not_of_one_client", ""),
        };
        if of.is_empty() { word.to_owned() } else { format!("{word}:{of}") }
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Claims => "claims",
            Self::Signature => "signature",
        }
    }
}
