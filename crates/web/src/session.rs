//! Who asks, for pages: the session cookie, the anti-forgery token and the frame of the page.

use app::App;
use app::identity::{CurrentSession, SessionToken};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use http::request::Parts;
use policy::{Action, Actor, Resource, StepUp};

use crate::failure::PageError;
use crate::forms::RawForm;
use crate::frame;
use crate::page::{Here, Page};
use crate::problem::WebError;
use crate::resume::Interrupted;

/// A person who is logged in with both factors. Extracts from any request of a page.
///
/// Without a session the browser is sent to the login and comes back afterwards.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Person, organisation and what the policies must know of them.
    pub current: CurrentSession,
    /// Language, address and instance.
    pub here: Here,
    token: SessionToken,
    now: jiff::Timestamp,
    unread: u64,
}

impl Signed {
    /// Who asks, for the use cases.
    pub fn actor(&self) -> &Actor {
        &self.current.actor
    }

    /// A page of this request with navigation, person and session, titled by a text key.
    pub fn page(&self, title_key: &str) -> Page {
        self.framed(self.here.page(title_key))
    }

    /// As [`Signed::page`], with a title put together by the caller.
    pub fn page_titled(&self, title: impl Into<String>) -> Page {
        self.framed(self.here.page_titled(title))
    }

    /// Path and query of this request, to come back to.
    pub fn path(&self) -> String {
        self.here
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned()
    }

    fn framed(&self, page: Page) -> Page {
        frame::framed(
            page,
            &self.current,
            self.token.csrf(),
            self.now,
            self.here.uri.path(),
            self.unread,
        )
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let here = Here::of(parts);
        let next = here
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned();
        let Some(token) = token_of(parts, app) else {
            return Err(PageError::LogIn { next });
        };
        let current = match app.resume_session(&token).await {
            Ok(current) => current,
            Err(app::AppError::Unauthenticated) => return Err(PageError::LogIn { next }),
            Err(other) => return Err(other.into()),
        };
        if current.actor.assurance != ids::Assurance::SecondFactor {
            return Err(PageError::LogIn { next });
        }
        let unread = app.unread_notices(&current.actor).await?;
        Ok(Self {
            current,
            here,
            token,
            now: app.now(),
            unread,
        })
    }
}

/// A form of a person who is logged in, whose anti-forgery token is right.
///
/// When the session has ended meanwhile, what was typed is carried through the login.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Who posted it.
    pub signed: Signed,
    /// The fields as typed.
    pub form: RawForm,
}

impl FromRequest<App> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, app).await;
        let here = Here::of(&parts);
        let form = RawForm::from_request(Request::from_parts(parts, body), app).await?;
        match signed {
            Ok(signed) if signed.token.csrf_matches(form.csrf()) => Ok(Self { signed, form }),
            Ok(_) => Err(WebError::new(http::StatusCode::FORBIDDEN, "csrf").into()),
            Err(PageError::LogIn { .. }) => Err(PageError::Interrupted(Box::new(
                Interrupted::new(here, &form),
            ))),
            Err(other) => Err(other),
        }
    }
}

impl Signed {
    /// Refuses whoever may not do this at all, before anything that was sent is looked at: who gets a form back with
    /// errors learns that there is something to fill in. A second factor that is no longer fresh is asked for when
    /// the act is done.
    pub fn must_be_allowed(
        &self,
        app: &App,
        action: Action,
        resource: &Resource,
    ) -> Result<(), PageError> {
        let fresh = Actor {
            step_up: StepUp::Fresh,
            ..self.actor().clone()
        };
        // The act itself is checked again, and recorded, by its use case.
        drop(
            app.policy()
                .check(&fresh, action, resource)
                .map_err(app::AppError::from)?,
        );
        Ok(())
    }

    /// The register of the own organisation.
    pub fn own_register(&self) -> Resource {
        Resource::Register {
            owner: self.actor().organisation,
        }
    }

    /// A case of the own organisation that does not exist yet.
    pub fn own_new_case(&self, app: &App) -> Resource {
        Resource::Case {
            id: app.ids().next(),
            owner: self.actor().organisation,
        }
    }

    /// Checks an anti-forgery token that came in a multipart form.
    pub fn require_csrf(&self, sent: &str) -> Result<(), PageError> {
        if self.token.csrf_matches(sent) {
            Ok(())
        } else {
            Err(WebError::new(http::StatusCode::FORBIDDEN, "csrf").into())
        }
    }
}

/// The session token of a request.
pub(crate) fn token_of(parts: &Parts, app: &App) -> Option<SessionToken> {
    let jar = CookieJar::from_headers(&parts.headers);
    SessionToken::parse(jar.get(cookie_name(app))?.value())
}

fn cookie_name(app: &App) -> &'static str {
    match app.config().server.cookies {
        config::Cookies::Secure => "__Host-noroshi",
        config::Cookies::Plain => "noroshi",
    }
}

/// The cookie of a session. It ends with the browser; the server ends it earlier.
pub(crate) fn session_cookie(app: &App, token: &SessionToken) -> Cookie<'static> {
    cookie(app, token.expose().to_owned())
}

/// Takes the cookie away.
pub(crate) fn no_cookie(app: &App) -> Cookie<'static> {
    let mut cookie = cookie(app, String::new());
    cookie.make_removal();
    cookie
}

fn cookie(app: &App, value: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(cookie_name(app), value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(app.config().server.cookies == config::Cookies::Secure);
    cookie
}
