//! A router that remembers its paths, so that the table of routes is taken from what is served.

use app::App;
use axum::Router;
use axum::routing::MethodRouter;
use utoipa_axum::router::OpenApiRouter;

/// Routes and their paths. Everything that an instance serves is put together from these.
#[derive(Debug)]
pub struct Routes<S = App> {
    router: Router<S>,
    paths: Vec<String>,
}

impl<S> Default for Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// No routes.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            paths: Vec::new(),
        }
    }

    /// The routes of a documented API; their paths are those of its description.
    pub fn documented(api: OpenApiRouter<S>) -> Self {
        let (router, document) = api.split_for_parts();
        Self {
            router,
            paths: document.paths.paths.into_keys().collect(),
        }
    }

    /// Adds a path with its methods.
    #[must_use]
    pub fn route(mut self, path: &str, methods: MethodRouter<S>) -> Self {
        self.paths.push(path.to_owned());
        self.router = self.router.route(path, methods);
        self
    }

    /// Takes over other routes.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.paths.extend(other.paths);
        self.router = self.router.merge(other.router);
        self
    }

    /// Every path, as it was routed.
    pub fn into_paths(self) -> Vec<String> {
        self.paths
    }
}

impl<S> From<Routes<S>> for Router<S> {
    fn from(routes: Routes<S>) -> Self {
        routes.router
    }
}
