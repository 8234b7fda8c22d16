//! Navigation and person of a page, by role.

use app::identity::CurrentSession;
use ids::{OrganisationKind, Role};
use jiff::Timestamp;

use crate::page::{Link, NavItem, Page, SessionClock, UserMenu};
use crate::texts::{Args, Texts};

/// Entries of the main navigation: address, text key, and the roles that have it.
const NAVIGATION: &[(&str, &str, &[Role])] = &[
    (
        "/computers",
        "nav-computers",
        &[Role::Compliance, Role::Csirt, Role::Approver, Role::Viewer],
    ),
    (
        "/cases",
        "nav-cases",
        &[Role::Csirt, Role::Approver, Role::Viewer],
    ),
    (
        "/filings",
        "nav-filings",
        &[Role::Compliance, Role::Csirt, Role::Approver, Role::Viewer],
    ),
    (
        "/approvals",
        "nav-approvals",
        &[Role::Compliance, Role::Csirt, Role::Approver, Role::Viewer],
    ),
    (
        "/corrections",
        "nav-corrections",
        &[Role::Compliance, Role::Csirt, Role::Approver, Role::Viewer],
    ),
    (
        "/desk",
        "nav-desk",
        &[Role::DeskOfficer, Role::DeskViewer, Role::CabinetAnalyst],
    ),
    (
        "/desk/search",
        "nav-search",
        &[Role::DeskOfficer, Role::DeskViewer, Role::CabinetAnalyst],
    ),
    (
        "/directives",
        "nav-directives",
        &[
            Role::Compliance,
            Role::Csirt,
            Role::Approver,
            Role::Viewer,
            Role::DeskOfficer,
            Role::DeskViewer,
            Role::CabinetAnalyst,
        ],
    ),
    (
        "/desk/statistics",
        "nav-statistics",
        &[Role::DeskOfficer, Role::DeskViewer, Role::CabinetAnalyst],
    ),
    ("/audit", "nav-audit", &[Role::Auditor]),
    ("/outbox", "nav-outbox", &[Role::InstanceOperator]),
    ("/delegated", "nav-delegated", &[Role::Contractor]),
    (
        "/delegations",
        "nav-delegations",
        &[Role::OrganisationAdmin],
    ),
    (
        "/approval-routes",
        "nav-approval-routes",
        &[Role::OrganisationAdmin],
    ),
    ("/people", "nav-people", &[Role::OrganisationAdmin]),
];

/// Sets navigation, person and session of a page. `unread` is the number beside the notices.
pub(crate) fn framed(
    page: Page,
    current: &CurrentSession,
    csrf: String,
    now: Timestamp,
    path: &str,
    unread: u64,
) -> Page {
    let t = page.t;
    let user = UserMenu {
        name: current.person.name.clone(),
        organisation: organisation_name(t, current),
        roles: current
            .person
            .roles
            .iter()
            .map(|role| role_name(t, *role))
            .collect(),
        links: vec![Link::new("/account", t.get("nav-account"))],
        sign_out: "/logout".to_owned(),
    };
    let expires_at = current
        .session
        .as_ref()
        .map_or(now, |session| session.expires_at);
    let session = SessionClock {
        now,
        expires_at,
        extend: "/session/extend".to_owned(),
    };
    let mut nav = navigation(t, current, path);
    nav.push(NavItem {
        waiting: usize::try_from(unread).unwrap_or(usize::MAX),
        ..item(
            t,
            "/account/notices",
            "nav-notices",
            path == "/account/notices",
        )
    });
    page.signed_in(user, csrf, session).nav(nav)
}

/// Name of the reader's organisation in the reader's language.
pub(crate) fn organisation_name(t: Texts, current: &CurrentSession) -> String {
    named(
        t,
        &current.organisation.name_ja,
        &current.organisation.name_en,
    )
}

/// Picks the name in the reader's language.
pub(crate) fn named(t: Texts, japanese: &str, english: &str) -> String {
    match t.locale() {
        crate::locale::Locale::Ja => japanese.to_owned(),
        crate::locale::Locale::En => english.to_owned(),
    }
}

/// An article as it stands in a filing's addressees, such as `Act Art. 4(1); Cabinet Order Art. 3`, in the reader's
/// language. What is not of this form is shown as it is.
pub(crate) fn basis_words(t: Texts, basis: &str) -> String {
    let parts: Vec<String> = basis
        .split("; ")
        .map(|part| article_words(t, part))
        .collect();
    parts.join(&t.get("law-separator"))
}

fn article_words(t: Texts, part: &str) -> String {
    let laws = [
        ("Cabinet Order Art. ", "law-cabinet-order"),
        ("Act Art. ", "law-act"),
    ];
    for (prefix, law) in laws {
        let Some(rest) = part.strip_prefix(prefix) else {
            continue;
        };
        let law = t.get(law);
        return match rest
            .split_once('(')
            .map(|(article, tail)| (article, tail.strip_suffix(')')))
        {
            Some((article, Some(paragraph))) => t
                .with_args(
                    "law-article-paragraph",
                    Args::new()
                        .set("law", law)
                        .set("article", article)
                        .set("paragraph", paragraph),
                )
                .into_owned(),
            Some((_, None)) => part.to_owned(),
            None => t
                .with2("law-article", "law", law, "article", rest)
                .into_owned(),
        };
    }
    part.to_owned()
}

/// A role in words.
pub(crate) fn role_name(t: Texts, role: Role) -> String {
    t.get(&format!("role-{}", role.code().replace('_', "-")))
        .into_owned()
}

fn navigation(t: Texts, current: &CurrentSession, path: &str) -> Vec<NavItem> {
    let mut items = Vec::new();
    if current.organisation.kind == OrganisationKind::Operator {
        items.push(item(t, "/", "nav-home", path == "/"));
    }
    // The longest address that fits is the present one, so that /desk/search is not also /desk.
    let best = NAVIGATION
        .iter()
        .map(|(href, ..)| *href)
        .filter(|href| path == *href || path.starts_with(&format!("{href}/")))
        .max_by_key(|href| href.len());
    for (href, label, roles) in NAVIGATION {
        let fits = current.organisation.kind == OrganisationKind::Operator
            || !matches!(*href, "/approval-routes" | "/delegations");
        if fits && current.person.roles.iter().any(|role| roles.contains(role)) {
            items.push(item(t, href, label, best == Some(*href)));
        }
    }
    items
}

fn item(t: Texts, href: &str, label: &str, current: bool) -> NavItem {
    NavItem {
        link: Link::new(href, t.get(label)),
        current,
        waiting: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::basis_words;
    use crate::locale::Locale;
    use crate::texts::Texts;

    #[test]
    fn an_article_is_named_as_a_japanese_reader_writes_it() {
        let t = Texts::new(Locale::Ja);
        assert_eq!(basis_words(t, "Act Art. 4(1)"), "法第4条第1項");
        assert_eq!(
            basis_words(t, "Act Art. 5; Cabinet Order Art. 3"),
            "法第5条、施行令第3条"
        );
        assert_eq!(basis_words(t, "Guideline"), "Guideline");
        assert_eq!(
            basis_words(Texts::new(Locale::En), "Act Art. 4(1)"),
            "Act Art. 4(1)"
        );
    }
}
