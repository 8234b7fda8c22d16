//! No route can be added past the table.

use std::path::{Path, PathBuf};

/// Files of the crate's sources, without what stands behind `#[cfg(test)]`.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            found.push((path, code.to_owned()));
        }
    }
}

#[test]
fn every_route_is_made_where_the_table_is_taken_from() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(20 < found.len());
    for (path, code) in found {
        let inside = path.strip_prefix(&root).unwrap();
        let name = inside.display();
        if inside != Path::new("routes.rs") {
            assert!(
                !code.contains("Router::new()") || code.contains("OpenApiRouter::new()"),
                "{name}: use Routes"
            );
            assert!(
                !code.contains("route_service(") && !code.contains("nest("),
                "{name}: use Routes::route"
            );
        }
        if inside.starts_with("api") || inside == Path::new("api.rs") {
            assert!(
                !code.contains(".route("),
                "{name}: a route of the API is described: use routes!"
            );
        }
    }
}
