//! Serves the component gallery at <http://127.0.0.1:4600/gallery>; another port may be given
//! as the first argument.

use std::{error::Error, sync::Arc};

use axum::{Extension, Router, middleware::from_fn};
use jiff::civil::date;
use web::{
    accessibility, assets, gallery, headers, locale,
    page::{Exercise, Site},
    problem,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "4600".to_owned())
        .parse::<u16>()?;
    let exercise = Exercise {
        name: "2026".to_owned(),
        pretended_on: Some(date(2026, 11, 22)),
    };
    let site = Site {
        instance: "デモ環境".to_owned(),
        exercise: Some(exercise),
        public_url: String::new(),
        help: Some("help@example.jp".to_owned()),
    };
    let app: Router = Router::new()
        .merge(gallery::routes())
        .merge(accessibility::routes())
        .merge(assets::routes())
        .layer(from_fn(problem::present))
        .layer(from_fn(locale::remember))
        .layer(Extension(Arc::new(site)))
        .layer(from_fn(headers::secure));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
