//! All routes of an instance and the layers around them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{Method, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::demo::DemoLogins;
use crate::page::Site;
use crate::problem::WebError;
use crate::routes::Routes;
use crate::{
    accessibility, api, assets, calendar, gallery, headers, locale, pages, problem, public_logs,
};

/// The service of an instance. `demo` offers sample logins on the login page and exists in an exercise only.
pub fn router(app: &App, site: Site, demo: Option<DemoLogins>) -> Router {
    let server = &app.config().server;
    let timeout = Duration::from_secs(server.request_timeout_secs);
    let body = usize::try_from(app.config().limits.body_bytes).unwrap_or(usize::MAX);
    let exercise = app.mode() == statute::Mode::Exercise;
    let site = site.marked(exercise);
    Router::from(table(app.mode()))
        .with_state(app.clone())
        .fallback(|| async { WebError::not_found() })
        .method_not_allowed_fallback(|| async {
            WebError::of_status(StatusCode::METHOD_NOT_ALLOWED)
        })
        .layer(DefaultBodyLimit::max(body))
        .layer(from_fn(refuse_cross_site))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| WebError::internal().into_response(),
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            timeout,
        ))
        .layer(from_fn(problem::present))
        .layer(from_fn(locale::remember))
        .layer(Extension(Arc::new(site)))
        .layer(Extension(demo.filter(|_| exercise).map(Arc::new)))
        .layer(from_fn(headers::secure))
        .layer(from_fn(log_failures))
}

/// Every path that an instance of this mode serves.
pub fn paths(mode: statute::Mode) -> Vec<String> {
    table(mode).into_paths()
}

fn table(mode: statute::Mode) -> Routes {
    let routes = Routes::new()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(public_logs::routes())
        .merge(accessibility::routes())
        .merge(calendar::routes())
        .merge(assets::routes())
        .route("/healthz", get(|| async { "ok" }));
    match mode {
        statute::Mode::Exercise => routes.merge(gallery::routes()),
        statute::Mode::Real => routes,
    }
}

/// Serves the instance on an open listener until `stop` is ready; running requests are finished.
pub async fn serve(
    listener: tokio::net::TcpListener,
    routes: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop)
        .await
}

/// Refuses forms that another site sends with this browser's cookies (Fetch Metadata).
///
/// The anti-forgery token protects every form of a session; this protects the login too.
async fn refuse_cross_site(request: Request, next: Next) -> Response {
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let from_elsewhere = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|site| matches!(site.as_bytes(), b"cross-site" | b"same-site"));
    if changes && from_elsewhere {
        return WebError::new(StatusCode::FORBIDDEN, "cross_site").into_response();
    }
    next.run(request).await
}

/// Logs the cause of a failure once, with the route but without what was sent.
async fn log_failures(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    if response.status().is_server_error() {
        let failure = response.extensions().get::<WebError>();
        let cause = failure
            .and_then(WebError::cause)
            .map(chain)
            .unwrap_or_default();
        tracing::error!(
            http.method = %method,
            http.route = route.as_deref().unwrap_or(""),
            http.status = response.status().as_u16(),
            cause,
            "request failed"
        );
    }
    response
}

fn chain(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
