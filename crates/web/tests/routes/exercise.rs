//! An exercise cannot be mistaken for the real thing.

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::stage::Stage;

pub(crate) async fn every_page_is_marked(stage: &Stage) {
    for path in ["/login", "/accessibility", "/nowhere"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = stage.router.clone().oneshot(request).await.unwrap();
        let octets = answer.into_body().collect().await.unwrap().to_bytes();
        let page = String::from_utf8_lossy(&octets);
        assert!(page.contains("これは演習用の画面です"), "{path}: {page}");
    }
}
