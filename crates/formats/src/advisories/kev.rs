use serde_json::Value;

use super::{Advisory, AdvisoryError, MAX_ADVISORIES, Products, Source, day, is_cve, line};

/// The catalogue as JSON.
pub(super) fn parse_json(catalogue: &Value) -> Result<Vec<Advisory>, AdvisoryError> {
    let entries = catalogue
        .get("vulnerabilities")
        .and_then(Value::as_array)
        .ok_or(AdvisoryError::Incomplete)?;
    if MAX_ADVISORIES < entries.len() {
        return Err(AdvisoryError::TooMany);
    }
    let text = |entry: &Value, key: &str| -> String {
        entry
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    entries
        .iter()
        .map(|entry| {
            advisory(
                &text(entry, "cveID"),
                &text(entry, "vendorProject"),
                &text(entry, "product"),
                &text(entry, "vulnerabilityName"),
                &text(entry, "dateAdded"),
            )
        })
        .collect()
}

/// The catalogue as CSV.
pub(super) fn parse_csv(text: &str) -> Result<Vec<Advisory>, AdvisoryError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader
        .headers()
        .map_err(|_| AdvisoryError::Malformed)?
        .clone();
    let place = |name: &str| {
        heads
            .iter()
            .position(|head| head == name)
            .ok_or(AdvisoryError::Incomplete)
    };
    let columns = [
        place("cveID")?,
        place("vendorProject")?,
        place("product")?,
        place("vulnerabilityName")?,
        place("dateAdded")?,
    ];
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| AdvisoryError::Malformed)?;
        if MAX_ADVISORIES <= found.len() {
            return Err(AdvisoryError::TooMany);
        }
        let [cve, maker, product, name, added] =
            columns.map(|at| record.get(at).unwrap_or_default());
        found.push(advisory(cve, maker, product, name, added)?);
    }
    Ok(found)
}

fn advisory(
    cve: &str,
    maker: &str,
    product: &str,
    name: &str,
    added: &str,
) -> Result<Advisory, AdvisoryError> {
    let cve = cve.trim();
    if !is_cve(cve) || maker.trim().is_empty() || product.trim().is_empty() {
        return Err(AdvisoryError::Incomplete);
    }
    let mut products = Products::default();
    // One field sometimes holds several products: "IOS and IOS XE".
    for each in product.split(" and ").flat_map(|part| part.split(", ")) {
        products.add(maker, each, None)?;
    }
    Ok(Advisory {
        source: Source::Kev,
        number: cve.to_owned(),
        title: line(name),
        published_on: day(added),
        cves: vec![cve.to_owned()],
        link: None,
        products: products.0,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{AdvisoryError, Source, parse};

    const JSON: &str = r#"{"catalogVersion":"2026.11.20","vulnerabilities":[
        {"cveID":"CVE-2026-0001","vendorProject":"Example","product":"Alpha and Beta OS",
         "vulnerabilityName":"Example Alpha Overflow","dateAdded":"2026-11-20"}]}"#;

    #[test]
    fn the_catalogue_is_the_same_in_json_and_csv() {
        let csv = "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription\n\
                   CVE-2026-0001,Example,Alpha and Beta OS,Example Alpha Overflow,2026-11-20,\"a, b\"\n";
        let json = parse(JSON.as_bytes()).unwrap();
        assert_eq!(parse(csv.as_bytes()).unwrap(), json);
        assert_eq!(json[0].source, Source::Kev);
        let names: Vec<&str> = json[0]
            .products
            .iter()
            .map(|each| each.product.as_str())
            .collect();
        assert_eq!(names, ["Alpha", "Beta OS"]);
    }

    #[test]
    fn an_entry_without_number_or_product_sets_the_file_aside() {
        for (from, to) in [
            ("CVE-2026-0001", "1"),
            ("Alpha and Beta OS", ""),
            ("\"Example\"", "\"\""),
        ] {
            let broken = JSON.replace(from, to);
            assert_eq!(
                parse(broken.as_bytes()),
                Err(AdvisoryError::Incomplete),
                "{from}"
            );
        }
    }
}
