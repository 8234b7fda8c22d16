//! `noroshi peers`: other instances to which reports travel on.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::peers::{PeerFailure, PeerIdentity, PeerLink};
use clap::{Args, Subcommand};
use config::{Config, Mode};

/// Looks after other instances to which reports travel on.
#[derive(Debug, Subcommand)]
pub(crate) enum PeersCommand {
    /// Ask each instance whose token it is, and say what is wrong; changes nothing.
    Check(CheckCommand),
}

/// Arguments of `peers check`.
#[derive(Debug, Args)]
pub(crate) struct CheckCommand {
    /// Settings file; without one, defaults and `NOROSHI_*` variables.
    #[arg(long)]
    config: Option<PathBuf>,
}

/// Scopes without which a report cannot be brought there.
const NEEDED: &[&str] = &["read", "write", "file"];
/// Roles of those who file prompt reports, and of those who file the others.
const ROLES: &[&str] = &["csirt", "approver"];

pub(crate) fn run(command: &PeersCommand, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let PeersCommand::Check(command) = command;
    let config = Config::load(command.config.as_deref())?;
    let links = peer::links(&config.peers).context("the settings of an instance are wrong")?;
    if links.is_empty() {
        writeln!(
            out,
            "no other instance is named in the settings（peers.instances がありません）"
        )?;
    }
    let mut all_good = true;
    for link in &links {
        let problems = match link.way.ask() {
            Ok(identity) => {
                tell(link, &identity, out)?;
                problems(&identity, config.instance.mode)
            }
            Err(failure) => {
                writeln!(out, "{}  {}", link.name, link.address)?;
                vec![advice(&failure).to_owned()]
            }
        };
        for problem in &problems {
            writeln!(out, "  NG  {problem}")?;
        }
        if problems.is_empty() {
            writeln!(
                out,
                "  OK  reports can travel on（報告を送ることができます）"
            )?;
        }
        all_good &= problems.is_empty();
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn tell(link: &PeerLink, identity: &PeerIdentity, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}  {}", link.name, link.address)?;
    writeln!(
        out,
        "  token of（トークンの組織）: {} / {}  [{}]  ({})",
        identity.organisation.0,
        identity.organisation.1,
        identity.roles.join(", "),
        identity.scopes.join(", "),
    )?;
    writeln!(
        out,
        "  for reports of（送る事業者の法人番号）: {}",
        link.operator
    )?;
    for log in link.trust.logs() {
        writeln!(out, "  receipts verify under（受領証の鍵）: {}", log.key)?;
    }
    Ok(())
}

/// What keeps a report from travelling on, as far as it can be seen without filing one.
fn problems(identity: &PeerIdentity, mode: Mode) -> Vec<String> {
    let mut problems = Vec::new();
    if identity.exercise != (mode == Mode::Exercise) {
        problems.push(
            "one of the two instances is an exercise and the other is not（演習と本番が混ざっています）"
                .to_owned(),
        );
    }
    if identity.kind != "operator" {
        problems.push(
            "the token is not one of an operator（事業者のトークンではありません）".to_owned(),
        );
    }
    for (needed, had, what) in [
        (NEEDED, &identity.scopes, "scope"),
        (ROLES, &identity.roles, "role"),
    ] {
        for code in needed
            .iter()
            .filter(|code| !had.iter().any(|each| each == *code))
        {
            problems.push(format!(
                "the token lacks the {what} {code}（トークンに {code} がありません）"
            ));
        }
    }
    problems
}

/// What a person does about a failure.
fn advice(failure: &PeerFailure) -> &'static str {
    match failure {
        PeerFailure::Unreachable => {
            "it cannot be reached: look at the address and the line（接続できません。アドレスと回線を確認してください）"
        }
        PeerFailure::Untrusted => {
            "its certificate is not trusted: name the authority of the house in ca_file（証明書を確認できません。ca_file を確認してください）"
        }
        PeerFailure::Busy => "it is busy: try again（混み合っています。もう一度試してください）",
        PeerFailure::Answer | PeerFailure::Form | PeerFailure::Refused(_) => {
            "what answers there is no Noroshi: look at the address（Noroshi の応答ではありません。アドレスを確認してください）"
        }
        PeerFailure::Token => {
            "the token is not accepted: issue another on the page of the account there（トークンが受け付けられません。発行し直してください）"
        }
    }
}

#[cfg(test)]
mod tests {
    use app::peers::PeerIdentity;
    use config::Mode;

    use super::problems;

    #[test]
    fn a_token_that_cannot_file_is_named_before_a_report_fails_with_it() {
        let all = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let whole = PeerIdentity {
            organisation: ("架空電力".to_owned(), "Made-up Power".to_owned()),
            kind: "operator".to_owned(),
            roles: all(&["csirt", "approver"]),
            scopes: all(&["read", "write", "file"]),
            exercise: false,
        };
        assert!(problems(&whole, Mode::Real).is_empty());
        assert_eq!(problems(&whole, Mode::Exercise).len(), 1);
        let lacking = PeerIdentity {
            roles: all(&["csirt"]),
            scopes: all(&["read"]),
            kind: "ministry".to_owned(),
            ..whole
        };
        assert_eq!(problems(&lacking, Mode::Real).len(), 4);
    }
}
