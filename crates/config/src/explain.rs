use std::fmt::Write as _;

use crate::Config;

struct Setting {
    key: &'static str,
    unit: &'static str,
    why: &'static str,
}

const SETTINGS: &[Setting] = &[
    Setting {
        key: "instance.name",
        unit: "name",
        why: "stands in the origin of every log and so in every receipt",
    },
    Setting {
        key: "instance.mode",
        unit: "real | exercise",
        why: "an exercise is marked everywhere and cannot mix with real filings",
    },
    Setting {
        key: "exercise.name",
        unit: "name",
        why: "stands on the banner of every page of an exercise",
    },
    Setting {
        key: "exercise.begins_at",
        unit: "time (RFC 3339)",
        why: "when the exercise begins; empty with exercise.pretended_at means the system's time",
    },
    Setting {
        key: "exercise.pretended_at",
        unit: "time (RFC 3339)",
        why: "what the clock shows at that moment, so that limits of another season can be rehearsed",
    },
    Setting {
        key: "server.listen",
        unit: "address:port",
        why: "TLS ends at the proxy in front",
    },
    Setting {
        key: "server.public_url",
        unit: "https://host",
        why: "begins the links that people pass on, such as invitations; empty shows them without it",
    },
    Setting {
        key: "server.cookies",
        unit: "secure | plain",
        why: "plain is for one machine without TLS",
    },
    Setting {
        key: "server.request_timeout_secs",
        unit: "seconds",
        why: "a request that hangs must not hold a connection",
    },
    Setting {
        key: "storage.database",
        unit: "address",
        why: "empty means an SQLite file in the directory",
    },
    Setting {
        key: "storage.connections",
        unit: "count",
        why: "the server's limit divided by the number of programs",
    },
    Setting {
        key: "storage.directory",
        unit: "path",
        why: "attachments, log tiles and keys; back it up with the database",
    },
    Setting {
        key: "access.idle_minutes",
        unit: "minutes",
        why: "an unattended screen; drafts survive",
    },
    Setting {
        key: "access.session_hours",
        unit: "hours",
        why: "a stolen session ends",
    },
    Setting {
        key: "access.step_up_minutes",
        unit: "minutes",
        why: "filing and export ask for the second factor again after this",
    },
    Setting {
        key: "access.failures_allowed",
        unit: "count in 15 minutes",
        why: "guessing passwords and codes must be slow",
    },
    Setting {
        key: "access.argon2_memory_kib",
        unit: "KiB",
        why: "cost of guessing a password from a stolen hash",
    },
    Setting {
        key: "access.argon2_passes",
        unit: "count",
        why: "as above",
    },
    Setting {
        key: "limits.attachment_bytes",
        unit: "octets",
        why: "the largest log excerpt a desk can use",
    },
    Setting {
        key: "limits.attachments_per_filing",
        unit: "count",
        why: "receipts list every attachment",
    },
    Setting {
        key: "limits.body_bytes",
        unit: "octets",
        why: "forms and API requests",
    },
    Setting {
        key: "limits.notification_rows",
        unit: "rows",
        why: "one confirmation, one receipt",
    },
    Setting {
        key: "limits.page_entries",
        unit: "entries",
        why: "lists come in pages",
    },
    Setting {
        key: "ledger.witnesses",
        unit: "public keys",
        why: "only lines of these witnesses are put on checkpoints",
    },
    Setting {
        key: "ledger.stalled_after_minutes",
        unit: "minutes",
        why: "a log that nobody co-signs proves less; the auditor is told",
    },
    Setting {
        key: "law.pack_keys",
        unit: "public keys",
        why: "whoever can sign a rule pack can move legal limits; none means that only the program's own rule book counts",
    },
    Setting {
        key: "law.pack_quorum",
        unit: "count",
        why: "one stolen key must not be enough",
    },
    Setting {
        key: "documents.font_folders",
        unit: "paths",
        why: "fonts for PDF are looked for here and in the folders inside; at least one must have Japanese",
    },
    Setting {
        key: "documents.font_families",
        unit: "names",
        why: "the first that is there is printed with; the other fonts stand in for single characters",
    },
    Setting {
        key: "documents.printers",
        unit: "count",
        why: "printing takes a processor; the rest of the portal must not wait for it",
    },
    Setting {
        key: "documents.print_wait_secs",
        unit: "seconds",
        why: "whoever waits longer is asked to come again",
    },
    Setting {
        key: "documents.print_chars",
        unit: "characters",
        why: "a document of many hundred pages is not printed for one click",
    },
    Setting {
        key: "documents.workbook_bytes",
        unit: "octets",
        why: "a filled form is small; a larger file is none",
    },
    Setting {
        key: "documents.form_folder",
        unit: "folder",
        why: "a newer form is used from its day on without a new program; drafts begun before say so and can be moved",
    },
    Setting {
        key: "advisories.folder",
        unit: "folder",
        why: "files of published vulnerability information are taken in from here and moved on within it; write under a \
              name that ends in .part, then rename",
    },
    Setting {
        key: "advisories.check_secs",
        unit: "s",
        why: "how often the folder is looked at",
    },
    Setting {
        key: "names.master",
        unit: "file",
        why: "adds makers, products and names to those of the program, from which suggestions are made",
    },
    Setting {
        key: "reminders.plan",
        unit: "file",
        why: "when whom to remind of what, and what a mail says, in place of the plan of the program",
    },
    Setting {
        key: "reminders.check_secs",
        unit: "s",
        why: "how often it is looked at what has come up",
    },
    Setting {
        key: "mail.folder",
        unit: "folder",
        why: "mails are written here for another program to take; instead of a server",
    },
    Setting {
        key: "mail.server",
        unit: "host name",
        why: "mails go to this server; without it and a folder none leave",
    },
    Setting {
        key: "mail.port",
        unit: "port",
        why: "587 after STARTTLS, 465 with TLS from the beginning",
    },
    Setting {
        key: "mail.security",
        unit: "tls, start_tls or none",
        why: "none is for a server on the same machine only",
    },
    Setting {
        key: "mail.login",
        unit: "name",
        why: "who logs in at the mail server",
    },
    Setting {
        key: "mail.password_file",
        unit: "file",
        why: "the password stands in a file, never in the settings",
    },
    Setting {
        key: "mail.from",
        unit: "address",
        why: "the sender of every mail",
    },
    Setting {
        key: "mail.timeout_secs",
        unit: "seconds",
        why: "a server that does not answer holds up no other work",
    },
    Setting {
        key: "peers.instances",
        unit: "tables",
        why: "other instances to which reports travel on, a table [[peers.instances]] each: name, address, operator, token_file, trust_file, ca_file",
    },
    Setting {
        key: "peers.timeout_secs",
        unit: "seconds",
        why: "an instance that hangs must not hold up the others",
    },
    Setting {
        key: "peers.poll_secs",
        unit: "seconds",
        why: "how often it is looked up what became of a filing there",
    },
    Setting {
        key: "peers.retry_at_most_secs",
        unit: "seconds",
        why: "how far apart attempts are at most while an instance cannot be reached",
    },
];

/// The reference of all settings: key, default, unit and why, one a line.
pub fn explain() -> String {
    let defaults = serde_defaults();
    let mut text = String::from("# setting = default (unit): why\n");
    for setting in SETTINGS {
        let default = lookup(&defaults, setting.key);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{} = {default} ({}): {}",
            setting.key, setting.unit, setting.why
        );
    }
    text
}

fn serde_defaults() -> figment::value::Dict {
    use figment::Provider as _;
    figment::providers::Serialized::defaults(Config::default())
        .data()
        .ok()
        .and_then(|mut profiles| profiles.remove(&figment::Profile::Default))
        .unwrap_or_default()
}

fn lookup(dict: &figment::value::Dict, key: &str) -> String {
    let Some((section, name)) = key.split_once('.') else {
        return String::new();
    };
    let value = dict
        .get(section)
        .and_then(|value| value.as_dict())
        .and_then(|dict| dict.get(name));
    match value {
        Some(figment::value::Value::String(_, text)) => format!("{text:?}"),
        Some(figment::value::Value::Num(_, num)) => num
            .to_u128()
            .map_or_else(String::new, |number| number.to_string()),
        Some(figment::value::Value::Array(_, items)) => {
            let texts: Vec<String> = items
                .iter()
                .map(|item| format!("{:?}", item.as_str().unwrap_or_default()))
                .collect();
            format!("[{}]", texts.join(", "))
        }
        Some(figment::value::Value::Empty(..)) => "not set".to_owned(),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, explain, serde_defaults};

    #[test]
    fn every_setting_is_explained_with_its_default() {
        let defaults = serde_defaults();
        let mut keys: Vec<String> = Vec::new();
        for (section, values) in &defaults {
            for name in values.as_dict().unwrap().keys() {
                keys.push(format!("{section}.{name}"));
            }
        }
        let mut explained: Vec<String> = SETTINGS.iter().map(|s| s.key.to_owned()).collect();
        keys.sort();
        explained.sort();
        assert_eq!(keys, explained);
        assert!(!explain().contains("=  ("), "{}", explain());
    }
}
