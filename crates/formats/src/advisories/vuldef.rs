use super::xml::{self, Element};
use super::{Advisory, AdvisoryError, MAX_ADVISORIES, Products, Source, day, is_cve, line, link};

/// JVNRSS (a list with names of makers and products) or VULDEF (one or more in full).
pub(super) fn parse(text: &str) -> Result<Vec<Advisory>, AdvisoryError> {
    let root = xml::parse(text)?;
    let found: Vec<Advisory> = match root.name.as_str() {
        "RDF" => root.all("item").map(item).collect::<Result<_, _>>()?,
        "VULDEF-Document" => root.all("Vulinfo").map(vulinfo).collect::<Result<_, _>>()?,
        _ => return Err(AdvisoryError::UnknownFormat),
    };
    if MAX_ADVISORIES < found.len() {
        return Err(AdvisoryError::TooMany);
    }
    Ok(found)
}

fn item(item: &Element) -> Result<Advisory, AdvisoryError> {
    let mut products = Products::default();
    for cpe in item.all("cpe") {
        products.add(
            cpe.attribute("vendor"),
            cpe.attribute("product"),
            Some(cpe.attribute("version")),
        )?;
    }
    let cves = item
        .all("references")
        .map(|each| each.attribute("id"))
        .filter(|id| is_cve(id))
        .map(str::to_owned)
        .collect();
    advisory(
        item.text_of("identifier"),
        item.text_of("title"),
        first(&[item.text_of("issued"), item.text_of("date")]),
        cves,
        item.text_of("link"),
        products,
    )
}

fn vulinfo(vulinfo: &Element) -> Result<Advisory, AdvisoryError> {
    let data = vulinfo
        .child("VulinfoData")
        .ok_or(AdvisoryError::Incomplete)?;
    let mut products = Products::default();
    for affected in data
        .child("Affected")
        .into_iter()
        .flat_map(|all| all.all("AffectedItem"))
    {
        let maker = affected.text_of("Name");
        let product = affected.text_of("ProductName");
        let mut versions = affected.all("VersionNumber").peekable();
        if versions.peek().is_none() {
            products.add(maker, product, None)?;
        }
        for version in versions {
            products.add(maker, product, Some(&version.text))?;
        }
    }
    let mut cves = Vec::new();
    let mut page = "";
    for related in data
        .child("Related")
        .into_iter()
        .flat_map(|all| all.all("RelatedItem"))
    {
        let id = related.text_of("VulinfoID");
        if is_cve(id) && !cves.iter().any(|known| known == id) {
            cves.push(id.to_owned());
        }
        if page.is_empty() && related.attribute("type") == "jvn" {
            page = related.text_of("URL");
        }
    }
    advisory(
        vulinfo.text_of("VulinfoID"),
        data.text_of("Title"),
        first(&[
            data.text_of("DatePublic"),
            data.text_of("DateFirstPublished"),
        ]),
        cves,
        page,
        products,
    )
}

fn advisory(
    number: &str,
    title: &str,
    published: &str,
    cves: Vec<String>,
    page: &str,
    products: Products,
) -> Result<Advisory, AdvisoryError> {
    let number = line(number);
    if number.is_empty() || title.trim().is_empty() {
        return Err(AdvisoryError::Incomplete);
    }
    Ok(Advisory {
        source: Source::Jvn,
        number,
        title: line(title),
        published_on: day(published),
        cves,
        link: link(page),
        products: products.0,
    })
}

fn first<'a>(texts: &[&'a str]) -> &'a str {
    texts
        .iter()
        .copied()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{AdvisoryError, Source, parse};

    const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <rdf:RDF xmlns:rdf="urn:r" xmlns="urn:rss" xmlns:sec="urn:sec" xmlns:dcterms="urn:d">
          <channel><title>list</title></channel>
          <item rdf:about="https://example.jp/1">
            <title>アルファ製ルータにおける&#x8106;弱性 &amp; 影響</title>
            <link>https://example.jp/1</link>
            <sec:identifier>JVNDB-2026-000001</sec:identifier>
            <sec:references source="CVE" id="CVE-2026-0003">https://example.jp/c</sec:references>
            <sec:cpe version="2.2" vendor="アルファ" product="ルータA">cpe:/h:alpha:a</sec:cpe>
            <dcterms:issued>2026-11-05T12:00+09:00</dcterms:issued>
          </item>
        </rdf:RDF>"#;

    const VULDEF: &str = r#"<VULDEF-Document xmlns="urn:v"><Vulinfo>
        <VulinfoID>JVNDB-2026-000002</VulinfoID><VulinfoData><Title>ベータに問題</Title>
        <Affected><AffectedItem affectedstatus="vulnerable"><Name>アルファ</Name>
          <ProductName>ベータ管理</ProductName><VersionNumber>1.0 から 1.4</VersionNumber>
          <VersionNumber>2.0</VersionNumber></AffectedItem></Affected>
        <Related><RelatedItem type="jvn"><URL>https://example.jp/jvn</URL></RelatedItem>
          <RelatedItem type="advisory"><VulinfoID>CVE-2026-0004</VulinfoID></RelatedItem></Related>
        <DatePublic>2026-11-06T00:00:00+09:00</DatePublic></VulinfoData></Vulinfo></VULDEF-Document>"#;

    #[test]
    fn a_list_of_jvn_names_makers_and_products() {
        let read = parse(RSS.as_bytes()).unwrap();
        let [only] = read.as_slice() else {
            panic!("{read:?}");
        };
        assert_eq!(only.source, Source::Jvn);
        assert_eq!(only.number, "JVNDB-2026-000001");
        assert_eq!(only.title, "アルファ製ルータにおける脆弱性 & 影響");
        assert_eq!(only.cves, ["CVE-2026-0003"]);
        assert_eq!(only.products[0].product, "ルータA");
        assert_eq!(only.published_on, Some(jiff::civil::date(2026, 11, 5)));
    }

    #[test]
    fn an_entry_in_full_has_versions() {
        let read = parse(VULDEF.as_bytes()).unwrap().remove(0);
        assert_eq!(read.products[0].versions, ["1.0 から 1.4", "2.0"]);
        assert_eq!(read.cves, ["CVE-2026-0004"]);
        assert_eq!(read.link.as_deref(), Some("https://example.jp/jvn"));
    }

    #[test]
    fn a_document_type_and_own_entities_are_refused() {
        let bomb =
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rdf:RDF>&b;</rdf:RDF>";
        assert_eq!(parse(bomb.as_bytes()), Err(AdvisoryError::DocumentType));
        let unknown = RSS.replace("&amp;", "&other;");
        assert_eq!(parse(unknown.as_bytes()), Err(AdvisoryError::DocumentType));
    }

    #[test]
    fn a_file_that_breaks_off_or_goes_too_deep_is_refused() {
        let (head, _) = RSS.split_at(RSS.find("</item>").unwrap());
        assert_eq!(parse(head.as_bytes()), Err(AdvisoryError::Malformed));
        let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
        assert_eq!(parse(deep.as_bytes()), Err(AdvisoryError::TooMany));
        assert_eq!(parse(b"<html></html>"), Err(AdvisoryError::UnknownFormat));
    }
}
