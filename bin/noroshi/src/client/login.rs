use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::authority;
use super::connection::Connection;
use super::failure::Failure;
use super::login_file::{Login, address};
use super::output::{Format, Printer};
use super::secret;

/// Arguments of `login`.
#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// Address of the server, such as `https://noroshi.example`; plain http on this machine only.
    server: String,
    /// Certificates (PEM) of a house's own authority, trusted beside the public ones; kept with the login.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// Arguments of `logout`.
#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// Whose token it is, as `/api/v1/me` tells.
#[derive(Debug, Deserialize)]
struct Me {
    name: String,
    organisation_ja: String,
    roles: Vec<String>,
    scopes: Vec<String>,
    exercise: bool,
}

/// Checks the token at the server, then keeps it.
pub(super) fn log_in(args: &LoginArgs, out: Printer<'_>) -> Result<(), Failure> {
    let server = address(&args.server)?;
    let authorities = args.ca_file.as_deref().map(authority::read).transpose()?;
    let token = secret::read("API token（画面には表示されません）")?;
    if !secrecy::ExposeSecret::expose_secret(&token)
        .bytes()
        .all(|octet| octet.is_ascii_graphic())
    {
        return Err(Failure::unable("a token has visible ASCII characters only"));
    }
    let login = Login {
        server,
        token,
        authorities,
    };
    let me: Me = Connection::open(login.clone()).get("/me")?;
    let path = login.save()?;
    let document = json!({
        "server": login.server.to_string(),
        "name": me.name,
        "organisation": me.organisation_ja,
        "roles": me.roles,
        "scopes": me.scopes,
        "exercise": me.exercise,
        "kept_in": path.display().to_string(),
    });
    let mut lines = vec![
        format!(
            "ログインしました logged in: {}（{}）",
            me.name, me.organisation_ja
        ),
        format!("役割 roles: {}", me.roles.join(", ")),
        format!("できること scopes: {}", me.scopes.join(", ")),
        format!("保存先 kept in: {}", path.display()),
    ];
    if me.exercise {
        lines.push("演習用のサーバーです this is an exercise".to_owned());
    }
    out.print(&document, &lines)
}

pub(super) fn log_out(_args: &LogoutArgs, out: Printer<'_>) -> Result<(), Failure> {
    let was_there = Login::forget()?;
    let line = if was_there {
        "この機械からトークンを消しました forgotten; the token itself stays valid until it ends or is revoked on the page"
    } else {
        "ログインしていません not logged in"
    };
    out.print(&json!({ "was_logged_in": was_there }), &[line.to_owned()])
}
