//! PostgreSQL's own tools for copies of a database.

use std::path::Path;
use std::process::Command;

use crate::maintenance::backup::BackupError;

const DUMP: &str = "pg_dump";
const RESTORE: &str = "pg_restore";

/// Writes a dump in the custom format.
pub(super) fn dump(address: &str, file: &Path) -> Result<(), BackupError> {
    let mut command = tool(DUMP, address)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]);
    run(DUMP, command.arg(file))
}

/// Reads a dump into an empty database, wholly or not at all.
pub(super) fn restore(address: &str, file: &Path) -> Result<(), BackupError> {
    let mut command = tool(RESTORE, address)?;
    command.args([
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
    ]);
    run(RESTORE, command.arg(file))
}

/// The password goes through the environment: arguments can be read by everyone on the machine.
fn tool(name: &'static str, address: &str) -> Result<Command, BackupError> {
    let (address, password) = split_password(address).ok_or(BackupError::Tool {
        tool: name,
        message: "the database address cannot be read".to_owned(),
    })?;
    let mut command = Command::new(name);
    command.arg("--dbname").arg(address);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

fn run(tool: &'static str, command: &mut Command) -> Result<(), BackupError> {
    let failed = |message: String| BackupError::Tool { tool, message };
    let output = command
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(failed(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ))
    }
}

/// Takes the password out of `postgres://user:password@host/…`.
fn split_password(address: &str) -> Option<(String, Option<String>)> {
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let Some((user, host)) = authority.rsplit_once('@') else {
        return Some((address.to_owned(), None));
    };
    let Some((user, password)) = user.split_once(':') else {
        return Some((address.to_owned(), None));
    };
    let password = decode_percent(password)?;
    Some((format!("{scheme}://{user}@{host}{path}"), Some(password)))
}

fn decode_percent(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            octets.push(u8::from_str_radix(str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            octets.push(byte);
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::split_password;

    #[test]
    fn a_password_never_stands_among_the_arguments() {
        let (address, password) =
            split_password("postgres://a:p%40ss@db.example:5432/n?x=1").unwrap();
        assert_eq!(address, "postgres://a@db.example:5432/n?x=1");
        assert_eq!(password.as_deref(), Some("p@ss"));
    }

    #[test]
    fn an_address_without_a_password_stays_as_it_is() {
        let address = "postgres:///noroshi?host=/run/postgresql";
        assert_eq!(split_password(address).unwrap(), (address.to_owned(), None));
    }
}
