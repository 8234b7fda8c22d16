//! Which language a page is in: Japanese first, English complete.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, Uri, header, request::Parts};

/// Name of the query parameter and of the cookie that hold the choice.
pub const PARAMETER: &str = "lang";

/// A language of the user interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Japanese, the language of the law and the default.
    #[default]
    Ja,
    /// English.
    En,
}

impl Locale {
    /// The language tag (RFC 5646) for `lang` attributes and headers.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Ja => Self::En,
            Self::En => Self::Ja,
        }
    }

    /// Reads a language tag by its primary subtag; `None` for a language we do not have.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag).trim();
        if primary.eq_ignore_ascii_case("ja") {
            Some(Self::Ja)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The language of a request: the `lang` parameter, else the cookie, else the first
    /// language of `Accept-Language` that we have (RFC 9110 section 12.5.4), else Japanese.
    pub fn of_request(uri: &Uri, headers: &HeaderMap) -> Self {
        from_query(uri)
            .or_else(|| from_cookie(headers))
            .or_else(|| from_accept_language(headers))
            .unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of_request(&parts.uri, &parts.headers))
    }
}

/// Keeps a choice made with the `lang` parameter in a cookie and marks the language of the
/// answer; use with [`axum::middleware::from_fn`].
pub async fn remember(request: Request, next: Next) -> Response {
    let chosen = from_query(request.uri());
    let locale = Locale::of_request(request.uri(), request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_LANGUAGE)
        .or_insert(HeaderValue::from_static(locale.tag()));
    if let Some(chosen) = chosen {
        let cookie = Cookie::build((PARAMETER, chosen.tag()))
            .path("/")
            .same_site(SameSite::Lax)
            .permanent()
            .build();
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The address of the same page in `locale`: the rest of the query stays.
pub fn switch_url(uri: &Uri, locale: Locale) -> String {
    let mut query: Vec<String> = pairs(uri)
        .filter(|(name, _)| *name != PARAMETER)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    query.push(format!("{PARAMETER}={}", locale.tag()));
    format!("{}?{}", uri.path(), query.join("&"))
}

fn pairs(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn from_query(uri: &Uri) -> Option<Locale> {
    pairs(uri)
        .find(|(name, _)| *name == PARAMETER)
        .and_then(|(_, value)| Locale::from_tag(value))
}

fn from_cookie(headers: &HeaderMap) -> Option<Locale> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == PARAMETER)
        .and_then(|cookie| Locale::from_tag(cookie.value()))
}

fn from_accept_language(headers: &HeaderMap) -> Option<Locale> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Locale, f32)> = None;
    for range in accepted.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let Some(locale) = Locale::from_tag(tag) else {
            continue;
        };
        let weight = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(1.0, |number| number.parse::<f32>().unwrap_or(0.0));
        if weight <= 0.0 {
            continue;
        }
        if best.is_none_or(|(_, highest)| highest < weight) {
            best = Some((locale, weight));
        }
    }
    best.map(|(locale, _)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &'static str, cookie: &'static str, accept: &'static str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        Locale::of_request(&Uri::from_static(uri), &headers)
    }

    #[test]
    fn japanese_is_the_language_when_nothing_is_asked() {
        assert_eq!(of("/", "", ""), Locale::Ja);
        assert_eq!(of("/", "", "fr-FR, de;q=0.5"), Locale::Ja);
    }

    #[test]
    fn the_address_beats_the_cookie_and_the_cookie_beats_the_browser() {
        assert_eq!(of("/?lang=ja", "lang=en", "en"), Locale::Ja);
        assert_eq!(of("/", "a=b; lang=en", "ja"), Locale::En);
        assert_eq!(of("/?lang=xx", "", "en-GB"), Locale::En);
    }

    #[test]
    fn the_browser_language_with_the_higher_weight_wins() {
        assert_eq!(of("/", "", "ja;q=0.4, en;q=0.8"), Locale::En);
        assert_eq!(of("/", "", "en;q=0, ja;q=0.1"), Locale::Ja);
        assert_eq!(of("/", "", "ja, en"), Locale::Ja);
    }

    #[test]
    fn the_switch_keeps_the_page_and_its_query() {
        let uri = Uri::from_static("/incidents?state=open&lang=ja&page=2");

        assert_eq!(
            switch_url(&uri, Locale::En),
            "/incidents?state=open&page=2&lang=en"
        );
        assert_eq!(switch_url(&Uri::from_static("/"), Locale::Ja), "/?lang=ja");
    }
}
