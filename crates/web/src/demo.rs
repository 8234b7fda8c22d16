//! Sample logins on the login page of the demo, so that a newcomer is inside after two clicks. Never outside an
//! exercise.

use std::sync::Mutex;

/// The sample logins of a demo instance.
#[derive(Debug)]
pub struct DemoLogins {
    /// Password of all of them.
    pub password: String,
    /// Who there is.
    pub logins: Vec<DemoLogin>,
    /// Last time step shown for each login; a code is good once.
    shown: Mutex<Vec<(String, u64)>>,
}

/// One sample login.
#[derive(Clone, Debug)]
pub struct DemoLogin {
    /// Name to log in.
    pub login: String,
    /// Secret of the second factor, base32.
    pub totp_secret: String,
    /// Organisation in Japanese and English.
    pub organisation: (String, String),
    /// What it may do.
    pub role: ids::Role,
    /// Whether it belongs to the walk that a newcomer should take first.
    pub featured: bool,
}

impl DemoLogins {
    /// The logins of a demo.
    pub fn new(password: String, logins: Vec<DemoLogin>) -> Self {
        Self {
            password,
            logins,
            shown: Mutex::default(),
        }
    }

    /// A code of the second factor that was not shown before; the server takes one a step ahead.
    pub fn code(&self, login: &str, now: jiff::Timestamp) -> Option<String> {
        let found = self.logins.iter().find(|known| known.login == login)?;
        let present = u64::try_from(now.as_second()).ok()?.checked_div(30)?;
        let mut shown = match self.shown.lock() {
            Ok(shown) => shown,
            Err(poisoned) => poisoned.into_inner(),
        };
        let last = shown
            .iter()
            .find(|(name, _)| name == login)
            .map(|(_, step)| *step);
        let step = last.map_or(present, |last| present.max(last.saturating_add(1)));
        let step = step.min(present.saturating_add(1));
        shown.retain(|(name, _)| name != login);
        shown.push((login.to_owned(), step));
        drop(shown);
        app::identity::demo_code(&found.totp_secret, step)
    }
}
