//! Every page and API route against nobody, every role, the same roles elsewhere, and tokens of each scope.
//!
//! The routes come from the router itself and from the description of the API, so that a new one cannot be forgotten.
//! What was found stands in `docs/routes.txt`; `NOROSHI_UPDATE=1` writes it anew.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod body;
mod exercise;
mod expectations;
mod objects;
mod outcome;
mod people;
#[path = "../support/post.rs"]
mod post;
#[path = "../support/printer.rs"]
mod printer;
mod sources;
mod stage;
mod table;
mod walk;

use crate::stage::Stage;

#[tokio::test]
async fn nobody_gets_further_on_any_route_than_the_committed_table_says() {
    let stage = Stage::new().await;
    exercise::every_page_is_marked(&stage).await;
    let rows = walk::walk(&stage).await;
    expectations::check(&rows);
    table::compare(&rows);
}
