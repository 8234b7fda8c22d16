//! `cargo xtask pg`: a database to develop against.

use crate::postgres::Postgres;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let server = Postgres::start(workspace)?;
    println!("{}", server.url);
    eprintln!("export NOROSHI_TEST_PG to this URL; Ctrl-C stops the server and removes its data");
    server.wait()
}
