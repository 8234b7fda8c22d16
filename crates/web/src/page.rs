//! The frame of a page (`templates/base.html`) and how a page becomes a response.

use std::{borrow::Cow, convert::Infallible, sync::Arc};

use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, Uri, header, request::Parts};
use jiff::{Timestamp, civil::Date};

use crate::{
    components::{Banner, TierBanner},
    fmt,
    forms::CsrfField,
    locale::{Locale, switch_url},
    problem::WebError,
    texts::Texts,
};

/// What the whole instance shows on every page. Put one into the request extensions
/// (`axum::Extension(Arc<Site>)`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Name of the instance or of the organisation that runs it, beside the product name.
    pub instance: String,
    /// Set on an exercise instance (演習): every page then shows it.
    pub exercise: Option<Exercise>,
    /// Where people reach the instance, without a path; may be empty.
    pub public_url: String,
    /// Whom to ask for help, in words; at the foot of every page.
    pub help: Option<String>,
}

impl Site {
    /// Marked as what the instance is: an exercise always is, and a real instance never.
    pub(crate) fn marked(mut self, exercise: bool) -> Self {
        if exercise {
            self.exercise.get_or_insert_default();
        } else {
            self.exercise = None;
        }
        self
    }
}

/// The exercise that an instance is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exercise {
    /// Name of the exercise; may be empty.
    pub name: String,
    /// The day on which the pretended time begins, if the exercise pretends one.
    pub pretended_on: Option<Date>,
}

impl Exercise {
    /// The day on which the pretended time begins, in words.
    pub fn date(&self, t: &Texts) -> Option<String> {
        self.pretended_on.map(|day| fmt::date(*t, day))
    }
}

/// Where a request is: language, address and instance. Extracts from any request.
#[derive(Clone, Debug)]
pub struct Here {
    /// The texts of the reader's language.
    pub t: Texts,
    /// The address asked for.
    pub uri: Uri,
    /// The instance.
    pub site: Arc<Site>,
}

impl Here {
    /// Reads the request line, its headers and extensions.
    pub fn of(parts: &Parts) -> Self {
        Self {
            t: Texts::new(Locale::of_request(&parts.uri, &parts.headers)),
            uri: parts.uri.clone(),
            site: parts
                .extensions
                .get::<Arc<Site>>()
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// A page of this request with a title from the texts.
    pub fn page(&self, title_key: &str) -> Page {
        self.page_titled(self.t.get(title_key))
    }

    /// A page of this request with a title put together by the caller.
    pub fn page_titled(&self, title: impl Into<String>) -> Page {
        Page {
            t: self.t,
            site: Arc::clone(&self.site),
            heading: title.into(),
            switch_url: switch_url(&self.uri, self.t.locale().other()),
            has_errors: false,
            user: None,
            nav: Vec::new(),
            crumbs: Vec::new(),
            notices: Vec::new(),
            tier: None,
            session: None,
            csrf: None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// Everything that `base.html` needs. Each page template holds one in a field `page`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The texts of the page.
    pub t: Texts,
    /// The instance.
    pub site: Arc<Site>,
    /// The heading (`h1`), also the title of the browser tab.
    pub heading: String,
    /// The same page in the other language.
    pub switch_url: String,
    /// Whether the page shows form errors.
    pub has_errors: bool,
    /// The person signed in.
    pub user: Option<UserMenu>,
    /// Main navigation.
    pub nav: Vec<NavItem>,
    /// The way here, from the home page; the page itself is not in it.
    pub crumbs: Vec<Link>,
    /// Notices above the heading.
    pub notices: Vec<Banner>,
    /// Marking of what the page shows (法定区分 and TLP), at its top and bottom.
    pub tier: Option<TierBanner>,
    /// When the session ends.
    pub session: Option<SessionClock>,
    /// Token that every form of the page sends back.
    pub csrf: Option<String>,
}

impl Page {
    /// The language tag of the page.
    pub fn lang(&self) -> &'static str {
        self.t.locale().tag()
    }

    /// The language tag of the other language.
    pub fn other_lang(&self) -> &'static str {
        self.t.locale().other().tag()
    }

    /// The name of the other language, in that language.
    pub fn other_lang_name(&self) -> Cow<'static, str> {
        Texts::new(self.t.locale().other()).get("language-name")
    }

    /// The title of the browser tab: begins with 「エラー：」 when a form has errors.
    pub fn title(&self) -> String {
        let key = if self.has_errors {
            "title-with-errors"
        } else {
            "title"
        };
        self.t.with(key, "heading", &self.heading).into_owned()
    }

    /// The hidden field with the token of this session, for a form of this page.
    pub fn csrf_field(&self) -> CsrfField<'_> {
        CsrfField::new(self.csrf.as_deref())
    }

    /// Sets the person signed in, the navigation and the session of the page.
    #[must_use]
    pub fn signed_in(mut self, user: UserMenu, csrf: String, session: SessionClock) -> Self {
        self.user = Some(user);
        self.csrf = Some(csrf);
        self.session = Some(session);
        self
    }

    /// Sets the main navigation.
    #[must_use]
    pub fn nav(mut self, nav: Vec<NavItem>) -> Self {
        self.nav = nav;
        self
    }

    /// Adds a step of the way here, outermost first.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push(Link::new(href, label));
        self
    }

    /// Adds a notice above the heading.
    #[must_use]
    pub fn notice(mut self, banner: Banner) -> Self {
        self.notices.push(banner);
        self
    }

    /// Marks the page.
    #[must_use]
    pub fn tier(mut self, tier: TierBanner) -> Self {
        self.tier = Some(tier);
        self
    }

    /// Marks the page as showing form errors.
    #[must_use]
    pub fn with_errors(mut self, has_errors: bool) -> Self {
        self.has_errors = has_errors;
        self
    }
}

/// A link with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
}

impl Link {
    /// A link to `href`.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// One entry of the main navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// The link.
    pub link: Link,
    /// Whether the page belongs to this entry.
    pub current: bool,
    /// How many things wait there; none is not shown.
    pub waiting: usize,
}

/// The person signed in, in the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserMenu {
    /// Name of the person.
    pub name: String,
    /// Organisation that the person acts for.
    pub organisation: String,
    /// Roles, in words.
    pub roles: Vec<String>,
    /// Entries of the menu.
    pub links: Vec<Link>,
    /// Where the sign-out form posts to.
    pub sign_out: String,
}

/// When a session ends and how to extend it (WCAG 2.2 success criterion 2.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionClock {
    /// The present instant, by the clock of the server.
    pub now: Timestamp,
    /// End of the session.
    pub expires_at: Timestamp,
    /// Posted to with the CSRF token to extend the session. Answers to
    /// `Accept: application/json` with `{"expires_at": "<RFC 3339>"}`.
    pub extend: String,
}

impl SessionClock {
    /// The end of the session for the script.
    pub fn machine(&self) -> String {
        fmt::machine(self.expires_at)
    }

    /// The present instant for the script.
    pub fn machine_now(&self) -> String {
        fmt::machine(self.now)
    }
}

/// Renders a template as a response with status 200.
pub fn render(template: &impl Template) -> Response {
    render_with(StatusCode::OK, template)
}

/// Renders a template as a response with `status`; a form with errors is sent with 422.
pub fn render_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let html_type = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, html_type)], html).into_response()
        }
        Err(source) => WebError::internal().caused_by(source).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(uri: &'static str) -> Here {
        let (parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        Here::of(&parts)
    }

    #[test]
    fn the_title_of_a_page_with_form_errors_begins_with_error() {
        let page = here("/incidents/new")
            .page_titled("事案の報告")
            .with_errors(true);

        assert_eq!(page.title(), "エラー：事案の報告 | 狼煙");
    }

    #[test]
    fn an_exercise_is_always_marked_and_a_real_instance_never() {
        let named = Site {
            exercise: Some(Exercise {
                name: "三月の訓練".to_owned(),
                pretended_on: None,
            }),
            ..Site::default()
        };
        assert!(Site::default().marked(true).exercise.is_some());
        assert_eq!(named.clone().marked(true), named);
        assert_eq!(named.marked(false), Site::default());
    }

    #[test]
    fn a_page_offers_itself_in_the_other_language() {
        let page = here("/computers?page=2&lang=en").page_titled("Computers");

        assert_eq!(page.lang(), "en");
        assert_eq!(page.other_lang_name(), "日本語");
        assert_eq!(page.switch_url, "/computers?page=2&lang=ja");
    }
}
