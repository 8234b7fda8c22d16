use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Advisory, AdvisoryError, Products, Source, day, is_cve, line, link};

/// Levels of branches.
const MAX_DEPTH: u32 = 40;
/// Products of the tree.
const MAX_LEAVES: usize = 200_000;

/// A product of the tree: what the branches above it say.
#[derive(Clone, Default)]
struct Leaf {
    maker: String,
    product: String,
    version: Option<String>,
}

/// A document of CSAF 2.0 or 2.1 (OASIS CSAF, sections 3.2.1 to 3.2.3).
pub(super) fn parse(csaf: &Value) -> Result<Advisory, AdvisoryError> {
    let document = csaf.get("document").ok_or(AdvisoryError::Incomplete)?;
    let tracking = document.get("tracking").ok_or(AdvisoryError::Incomplete)?;
    let number = line(text(tracking, "id"));
    let title = line(text(document, "title"));
    if number.is_empty() || title.is_empty() {
        return Err(AdvisoryError::Incomplete);
    }
    let publisher = document
        .get("publisher")
        .map(|publisher| text(publisher, "name"))
        .unwrap_or_default();
    let mut leaves = BTreeMap::new();
    if let Some(tree) = csaf.get("product_tree") {
        branches(tree, &Leaf::default(), 0, &mut leaves)?;
        for name in array(tree, "full_product_names") {
            keep(name, &Leaf::default(), &mut leaves)?;
        }
    }
    let parts = relationships(csaf);
    let vulnerabilities = array(csaf, "vulnerabilities");
    let mut products = Products::default();
    for id in affected(vulnerabilities, &leaves, &parts) {
        for part in resolved(&id, &parts) {
            let Some(leaf) = leaves.get(&part) else {
                continue;
            };
            let maker = if leaf.maker.is_empty() {
                publisher
            } else {
                &leaf.maker
            };
            products.add(maker, &leaf.product, leaf.version.as_deref())?;
        }
    }
    let cves: BTreeSet<String> = vulnerabilities
        .iter()
        .map(|each| text(each, "cve").to_owned())
        .filter(|cve| is_cve(cve))
        .collect();
    Ok(Advisory {
        source: Source::Csaf,
        number,
        title,
        published_on: day(text(tracking, "initial_release_date")),
        cves: cves.into_iter().take(200).collect(),
        link: array(document, "references")
            .iter()
            .filter(|each| text(each, "category") == "self")
            .find_map(|each| link(text(each, "url"))),
        products: products.0,
    })
}

fn branches(
    parent: &Value,
    above: &Leaf,
    depth: u32,
    leaves: &mut BTreeMap<String, Leaf>,
) -> Result<(), AdvisoryError> {
    if MAX_DEPTH < depth {
        return Err(AdvisoryError::TooMany);
    }
    for branch in array(parent, "branches") {
        let mut here = above.clone();
        let name = text(branch, "name");
        match text(branch, "category") {
            "vendor" => name.clone_into(&mut here.maker),
            "product_name" => name.clone_into(&mut here.product),
            "product_family" if here.product.is_empty() => name.clone_into(&mut here.product),
            "product_version" | "product_version_range" | "service_pack" | "patch_level" => {
                here.version = Some(name.to_owned());
            }
            _ => {}
        }
        if let Some(product) = branch.get("product") {
            keep(product, &here, leaves)?;
        }
        branches(branch, &here, depth.saturating_add(1), leaves)?;
    }
    Ok(())
}

fn keep(
    product: &Value,
    here: &Leaf,
    leaves: &mut BTreeMap<String, Leaf>,
) -> Result<(), AdvisoryError> {
    if MAX_LEAVES <= leaves.len() {
        return Err(AdvisoryError::TooMany);
    }
    let mut leaf = here.clone();
    if leaf.product.is_empty() {
        text(product, "name").clone_into(&mut leaf.product);
    }
    leaves.insert(text(product, "product_id").to_owned(), leaf);
    Ok(())
}

/// Firmware installed on a device and the like: one id that stands for several.
fn relationships(csaf: &Value) -> BTreeMap<String, [String; 2]> {
    csaf.get("product_tree")
        .map(|tree| array(tree, "relationships"))
        .unwrap_or_default()
        .iter()
        .map(|each| {
            let whole = each
                .get("full_product_name")
                .map(|name| text(name, "product_id"))
                .unwrap_or_default();
            let parts = ["product_reference", "relates_to_product_reference"]
                .map(|key| text(each, key).to_owned());
            (whole.to_owned(), parts)
        })
        .collect()
}

/// The ids said to be affected or under investigation; all of the tree when no status is given.
fn affected(
    vulnerabilities: &[Value],
    leaves: &BTreeMap<String, Leaf>,
    parts: &BTreeMap<String, [String; 2]>,
) -> BTreeSet<String> {
    let mut said = false;
    let mut ids = BTreeSet::new();
    for status in vulnerabilities
        .iter()
        .filter_map(|each| each.get("product_status"))
    {
        said = true;
        for key in [
            "known_affected",
            "first_affected",
            "last_affected",
            "under_investigation",
            "recommended_never",
        ] {
            ids.extend(
                array(status, key)
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned),
            );
        }
    }
    if !said {
        ids.extend(leaves.keys().chain(parts.keys()).cloned());
    }
    ids
}

/// The products that an id stands for; relationships may be built on others, never round in circles.
fn resolved(id: &str, parts: &BTreeMap<String, [String; 2]>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![id.to_owned()];
    while let Some(next) = waiting.pop() {
        if !seen.insert(next.clone()) || 64 < seen.len() {
            continue;
        }
        waiting.extend(parts.get(&next).into_iter().flatten().cloned());
    }
    seen
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{AdvisoryError, parse};

    fn document() -> Value {
        json!({
            "document": {
                "title": "Alpha: overflow",
                "publisher": { "name": "Example PSIRT" },
                "tracking": { "id": "EX-2026-1", "initial_release_date": "2026-11-02T00:00:00Z" },
                "references": [{ "category": "self", "url": "https://example.jp/ex-2026-1" }]
            },
            "product_tree": {
                "branches": [{ "category": "vendor", "name": "Example", "branches": [
                    { "category": "product_name", "name": "Alpha 100", "branches": [
                        { "category": "product_version_range", "name": "vers:all/<2.0",
                          "product": { "product_id": "A1", "name": "Example Alpha 100 <2.0" } },
                        { "category": "product_version", "name": "2.0",
                          "product": { "product_id": "A2", "name": "Example Alpha 100 2.0" } }] },
                    { "category": "product_name", "name": "Alpha firmware",
                      "product": { "product_id": "F", "name": "Alpha firmware" } }] }],
                "relationships": [{ "category": "installed_on", "product_reference": "F",
                    "relates_to_product_reference": "A1",
                    "full_product_name": { "product_id": "FA", "name": "firmware on Alpha" } }]
            },
            "vulnerabilities": [{ "cve": "CVE-2026-0002",
                "product_status": { "known_affected": ["FA"], "fixed": ["A2"] } }]
        })
    }

    #[test]
    fn what_is_affected_has_the_names_and_versions_of_its_branches() {
        let read = parse(document().to_string().as_bytes()).unwrap().remove(0);
        assert_eq!(read.number, "EX-2026-1");
        assert_eq!(read.cves, ["CVE-2026-0002"]);
        assert_eq!(read.link.as_deref(), Some("https://example.jp/ex-2026-1"));
        let names: Vec<(&str, &str, &[String])> = read
            .products
            .iter()
            .map(|each| {
                (
                    each.maker.as_str(),
                    each.product.as_str(),
                    each.versions.as_slice(),
                )
            })
            .collect();
        let range = ["vers:all/<2.0".to_owned()];
        assert_eq!(
            names,
            [
                ("Example", "Alpha 100", range.as_slice()),
                ("Example", "Alpha firmware", &[])
            ]
        );
    }

    #[test]
    fn what_is_fixed_or_not_affected_is_not_taken() {
        let mut csaf = document();
        csaf["vulnerabilities"][0]["product_status"] =
            json!({ "known_not_affected": ["A1"], "fixed": ["A2"] });
        let read = parse(csaf.to_string().as_bytes()).unwrap().remove(0);
        assert!(read.products.is_empty());
    }

    #[test]
    fn relationships_in_a_circle_and_branches_without_end_do_no_harm() {
        let mut csaf = document();
        csaf["product_tree"]["relationships"][0]["product_reference"] = json!("FA");
        assert!(parse(csaf.to_string().as_bytes()).is_ok());
        let mut branch = json!({ "category": "vendor", "name": "x" });
        for _ in 0..45 {
            branch = json!({ "category": "vendor", "name": "x", "branches": [branch] });
        }
        csaf["product_tree"]["branches"] = json!([branch]);
        assert_eq!(
            parse(csaf.to_string().as_bytes()),
            Err(AdvisoryError::TooMany)
        );
    }

    #[test]
    fn a_document_without_number_is_set_aside() {
        let mut csaf = document();
        csaf["document"]["tracking"]["id"] = json!("");
        assert_eq!(
            parse(csaf.to_string().as_bytes()),
            Err(AdvisoryError::Incomplete)
        );
    }
}
