//! Style sheets and scripts, embedded in the program and served under an address that holds
//! the digest of their content.
//!
//! A changed file has a changed address, so a browser may keep each one for ever and never
//! runs an old script on a new page.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::problem::WebError;
use crate::routes::Routes;

/// Bytes of the digest that stand in an address; 80 bits leave no accidental clash.
const DIGEST_BYTES: usize = 10;

/// A file that pages may link to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asset {
    /// The Digital Agency's design tokens, as published.
    Tokens,
    /// Our own components.
    Style,
    /// htmx, as published.
    Htmx,
    /// Our own script.
    Script,
    /// The mark beside the product name, also the icon of the browser tab.
    Mark,
}

struct Served {
    url: String,
    file: String,
    media_type: &'static str,
    body: &'static [u8],
}

static SERVED: LazyLock<[Served; 5]> =
    LazyLock::new(|| Asset::ALL.map(|asset| Served::new(&asset.source())));

impl Asset {
    /// Every asset, in the order of the declaration.
    pub const ALL: [Self; 5] = [
        Self::Tokens,
        Self::Style,
        Self::Htmx,
        Self::Script,
        Self::Mark,
    ];

    /// The address of this file, with the digest of its content.
    pub fn url(self) -> &'static str {
        let [tokens, style, htmx, script, mark] = &*SERVED;
        match self {
            Self::Tokens => &tokens.url,
            Self::Style => &style.url,
            Self::Htmx => &htmx.url,
            Self::Script => &script.url,
            Self::Mark => &mark.url,
        }
    }

    fn source(self) -> Source {
        match self {
            Self::Tokens => Source::css("tokens", include_bytes!("../assets/tokens.css")),
            Self::Style => Source::css("noroshi", include_bytes!("../assets/noroshi.css")),
            Self::Htmx => Source::js("htmx", include_bytes!("../assets/htmx.min.js")),
            Self::Script => Source::js("noroshi", include_bytes!("../assets/noroshi.js")),
            Self::Mark => Source {
                stem: "mark",
                extension: "svg",
                media_type: "image/svg+xml",
                body: include_bytes!("../assets/mark.svg"),
            },
        }
    }
}

struct Source {
    stem: &'static str,
    extension: &'static str,
    media_type: &'static str,
    body: &'static [u8],
}

impl Source {
    fn css(stem: &'static str, body: &'static [u8]) -> Self {
        Self {
            stem,
            extension: "css",
            media_type: "text/css; charset=utf-8",
            body,
        }
    }

    fn js(stem: &'static str, body: &'static [u8]) -> Self {
        Self {
            stem,
            extension: "js",
            media_type: "text/javascript; charset=utf-8",
            body,
        }
    }
}

impl Served {
    fn new(source: &Source) -> Self {
        let digest = Sha256::digest(source.body);
        let short: Vec<u8> = digest.iter().copied().take(DIGEST_BYTES).collect();
        let file = format!(
            "{}.{}.{}",
            source.stem,
            hex::encode(short),
            source.extension
        );
        Self {
            url: format!("/assets/{file}"),
            file,
            media_type: source.media_type,
            body: source.body,
        }
    }
}

/// Serves every [`Asset`] under `/assets/`; any other name there is not found.
pub fn routes<S>() -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    Routes::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>) -> Response {
    let Some(found) = SERVED.iter().find(|served| served.file == file) else {
        return WebError::not_found().into_response();
    };
    let headers: [(HeaderName, HeaderValue); 2] = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(found.media_type),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    (headers, found.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_digest_of_the_content() {
        let url = Asset::Style.url();
        let digest = hex::encode(Sha256::digest(include_bytes!("../assets/noroshi.css")));

        assert_eq!(
            url,
            format!(
                "/assets/noroshi.{}.css",
                digest.get(..DIGEST_BYTES * 2).unwrap()
            )
        );
    }

    #[test]
    fn every_asset_has_an_address_of_its_own() {
        let mut urls = Asset::ALL.map(Asset::url).to_vec();
        urls.sort_unstable();
        urls.dedup();

        assert_eq!(urls.len(), Asset::ALL.len());
    }

    #[test]
    fn no_asset_names_a_third_party_host() {
        for asset in [Asset::Style, Asset::Script] {
            let text = String::from_utf8_lossy(asset.source().body).into_owned();
            assert!(
                !text.contains("https://") && !text.contains("@import"),
                "{asset:?}"
            );
        }
    }
}
