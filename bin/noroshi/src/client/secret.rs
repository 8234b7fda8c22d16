//! Reading a secret: one line of standard input, or typed at a terminal that does not show it.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use anyhow::Context as _;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

use super::failure::Failure;

/// No secret of ours is longer.
const MAX_OCTETS: u64 = 4096;

/// Keys of a terminal that reads key by key.
const INTERRUPT: u8 = 3;
const END: u8 = 4;
const BACKSPACE: [u8; 2] = [8, 127];

/// Reads a secret, asking with `prompt` when a person is there.
pub(super) fn read(prompt: &str) -> Result<SecretString, Failure> {
    let line = if io::stdin().is_terminal() {
        type_unseen(prompt)?
    } else {
        let mut line = String::new();
        io::stdin()
            .lock()
            .take(MAX_OCTETS)
            .read_line(&mut line)
            .context("read standard input")?;
        line
    };
    let secret = line.trim();
    if secret.is_empty() {
        return Err(Failure::unable("no token was given"));
    }
    Ok(SecretString::from(secret.to_owned()))
}

/// Puts the terminal back as it was.
struct Quiet {
    before: Termios,
}

impl Quiet {
    fn begin() -> rustix::io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        // Key by key and without signals, so that an interrupt cannot leave the terminal mute.
        quiet
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self { before })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing put back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

fn type_unseen(prompt: &str) -> Result<String, Failure> {
    // Mute first, ask second: keys struck at once after the prompt would otherwise be shown or, by the flush, lost.
    let quiet = Quiet::begin().context("the terminal cannot hide what is typed")?;
    let mut talk = io::stderr();
    write!(talk, "{prompt}: ").context("write to the terminal")?;
    talk.flush().context("write to the terminal")?;
    let typed = keys(io::stdin().lock().bytes());
    drop(quiet);
    writeln!(talk).context("write to the terminal")?;
    typed
}

fn keys(keys: impl Iterator<Item = io::Result<u8>>) -> Result<String, Failure> {
    let mut typed = Vec::new();
    for key in keys {
        match key.context("read the terminal")? {
            b'\r' | b'\n' => break,
            INTERRUPT | END => return Err(Failure::unable("cancelled")),
            key if BACKSPACE.contains(&key) => {
                typed.pop();
            }
            key => typed.push(key),
        }
    }
    String::from_utf8(typed)
        .context("a token has ASCII characters only")
        .map_err(Failure::Unable)
}

#[cfg(test)]
mod tests {
    use super::keys;

    fn typed(octets: &[u8]) -> Option<String> {
        keys(octets.iter().copied().map(Ok)).ok()
    }

    #[test]
    fn what_is_typed_ends_with_enter_and_can_be_corrected() {
        assert_eq!(typed(b"abd\x7fc\nrest").as_deref(), Some("abc"));
        assert_eq!(typed(b"\x08\x08a\r").as_deref(), Some("a"));
    }

    #[test]
    fn an_interrupt_cancels() {
        assert_eq!(typed(b"abc\x03"), None);
        assert_eq!(typed(b"abc\x04"), None);
        assert_eq!(typed(b"\xff\n"), None);
    }
}
