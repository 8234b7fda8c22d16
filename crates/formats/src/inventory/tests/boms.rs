use std::path::Path;

use proptest::prelude::{prop_assert, proptest};

use super::super::{
    FileFormat, Inventory, InventoryError, NoteKind, Row, format_of, read_bom, read_unit,
};

fn notes(inventory: &Inventory) -> Vec<(&'static str, usize)> {
    inventory
        .notes
        .iter()
        .map(|note| (note.kind.code(), note.count))
        .collect()
}

fn rows(inventory: &Inventory) -> Vec<Vec<&str>> {
    inventory
        .rows
        .iter()
        .map(|row| row.cells.iter().map(String::as_str).collect())
        .collect()
}

const APPLIANCE: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.6",
  "metadata": { "component": { "bom-ref": "gw", "type": "device", "name": "KG-60", "version": "2.1",
    "manufacturer": { "name": "架空電機株式会社" },
    "properties": [ { "name": "cdx:device:serialNumber", "value": "SN-0001" } ] } },
  "components": [
    { "bom-ref": "fan", "type": "device", "name": "冷却ファン" },
    { "bom-ref": "os", "type": "operating-system", "name": "KakuOS 5.2", "version": "5.2", "supplier": { "name": "架空電機" },
      "components": [ { "bom-ref": "lib1", "type": "library", "name": "libexample", "purl": "pkg:generic/libexample@1" } ] },
    { "bom-ref": "lib2", "type": "library", "name": "libother" }
  ],
  "dependencies": [ { "ref": "lib1", "dependsOn": ["lib2"] }, { "ref": "lib2", "dependsOn": ["lib1"] },
    { "ref": "gw", "dependsOn": ["gw"] } ]
}"#;

#[test]
fn a_bill_of_a_device_gives_the_device_and_its_system_but_no_parts_and_no_libraries() {
    let found = read_bom(APPLIANCE.as_bytes()).unwrap();
    assert_eq!(
        rows(&found),
        [
            ["KG-60 2.1", "架空電機株式会社", "device", "SN-0001", ""],
            ["KakuOS 5.2", "架空電機", "operating-system", "", ""],
        ]
    );
    assert_eq!(
        notes(&found),
        [
            ("candidates", 2),
            ("libraries_left_out", 2),
            ("parts_left_out", 1),
            ("without_purl", 4),
        ]
    );
    let places: Vec<&str> = found.rows.iter().map(|row| row.place.as_str()).collect();
    assert_eq!(places, ["gw", "os"]);
    for row in &found.rows {
        assert!(read_unit(row.cells.get(2).unwrap()).is_ok());
    }
}

#[test]
fn a_circle_of_dependencies_and_of_references_ends() {
    let circle = r#"{ "spdxVersion": "SPDX-2.3", "documentDescribes": ["SPDXRef-a"],
      "packages": [ { "SPDXID": "SPDXRef-a", "name": "監視制御ソフト", "versionInfo": "3", "supplier": "Organization: 架空情報(info)" },
        { "SPDXID": "SPDXRef-b", "name": "libexample" } ],
      "relationships": [
        { "spdxElementId": "SPDXRef-a", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-b" },
        { "spdxElementId": "SPDXRef-b", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-a" },
        { "spdxElementId": "SPDXRef-a", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-a" } ] }"#;
    let found = read_bom(circle.as_bytes()).unwrap();
    assert_eq!(rows(&found), [["監視制御ソフト 3", "架空情報", "", "", ""]]);
    assert_eq!(
        notes(&found),
        [
            ("candidates", 1),
            ("libraries_left_out", 1),
            ("without_purl", 2)
        ]
    );
}

#[test]
fn an_xml_bill_reads_like_the_same_bill_in_json() {
    let xml = r#"<?xml version="1.0"?>
<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.6" version="1">
 <b:metadata><b:component type="device" bom-ref="gw"><b:manufacturer><b:name>架空電機株式会社</b:name></b:manufacturer>
  <b:name>KG-60</b:name><b:version>2.1</b:version>
  <b:properties><b:property name="cdx:device:serialNumber">SN-0001</b:property></b:properties></b:component></b:metadata>
 <b:components>
  <b:component type="device" bom-ref="fan"><b:name>冷却ファン</b:name></b:component>
  <b:component type="operating-system" bom-ref="os"><b:supplier><b:name>架空電機</b:name></b:supplier>
   <b:name>KakuOS 5.2</b:name><b:version>5.2</b:version>
   <b:components><b:component type="library" bom-ref="lib1"><b:name>libexample</b:name>
     <b:purl>pkg:generic/libexample@1</b:purl></b:component></b:components></b:component>
  <b:component type="library" bom-ref="lib2"><b:name>libother &amp; &#x5B50;</b:name></b:component>
 </b:components>
 <b:dependencies><b:dependency ref="gw"><b:dependency ref="gw"/></b:dependency></b:dependencies>
</b:bom>"#;
    assert_eq!(read_bom(xml.as_bytes()), read_bom(APPLIANCE.as_bytes()));
}

#[test]
fn entities_and_document_types_are_refused() {
    let billion = r#"<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<bom><components><component type="device"><name>&b;</name></component></components></bom>"#;
    let file =
        r#"<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/hostname">]><bom><components/></bom>"#;
    let undeclared =
        "<bom><components><component type='device'><name>&x;</name></component></components></bom>";
    let attribute = "<bom><components><component type='device' bom-ref='&x;'/></components></bom>";
    for text in [billion, file, undeclared, attribute] {
        assert_eq!(
            read_bom(text.as_bytes()),
            Err(InventoryError::Entities),
            "{text}"
        );
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let json = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"components\":{}{}}}",
        "[{\"components\":".repeat(5_000),
        "null".to_owned() + &"}]".repeat(5_000)
    );
    assert_eq!(read_bom(json.as_bytes()), Err(InventoryError::TooDeep));
    let xml = format!("<bom>{}", "<components>".repeat(5_000));
    assert_eq!(read_bom(xml.as_bytes()), Err(InventoryError::TooDeep));
}

#[test]
fn tags_and_values_read_like_the_same_packages_in_json() {
    let tags = "SPDXVersion: SPDX-2.2\nSPDXID: SPDXRef-DOCUMENT\n\
        DocumentComment: <text>many\nPackageName: not one\nlines</text>\n\
        PackageName: 監視制御ソフト\nSPDXID: SPDXRef-a\nPackageVersion: 3\nPackageSupplier: Organization: 架空情報 (info)\n\
        ExternalRef: PACKAGE-MANAGER purl pkg:generic/scada@3\n\
        PackageName: libexample\nSPDXID: SPDXRef-b\nPackageVersion: NOASSERTION\n\
        FileName: ./a.c\nSPDXID: SPDXRef-c\n\
        Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\n";
    let found = read_bom(tags.as_bytes()).unwrap();
    assert_eq!(
        found.rows,
        [Row {
            place: "SPDXRef-a".to_owned(),
            cells: [
                "監視制御ソフト 3",
                "架空情報",
                "",
                "",
                "pkg:generic/scada@3"
            ]
            .map(str::to_owned)
            .to_vec(),
        }]
    );
    assert_eq!(format_of(tags.as_bytes()), FileFormat::Bom);
}

#[test]
fn the_graph_of_version_3_names_makers_by_reference() {
    let graph = r#"{ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
      { "type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1" },
      { "type": "Organization", "spdxId": "urn:o", "name": "架空情報" },
      { "type": "SpdxDocument", "spdxId": "urn:d", "rootElement": ["urn:a"] },
      { "type": "software_Package", "spdxId": "urn:a", "name": "KakuOS", "software_packageVersion": "5.2",
        "software_primaryPurpose": "operatingSystem", "suppliedBy": "urn:o" },
      { "type": "software_Package", "spdxId": "urn:b", "name": "libexample", "software_primaryPurpose": "library",
        "software_packageUrl": "pkg:generic/libexample" } ] }"#;
    let found = read_bom(graph.as_bytes()).unwrap();
    assert_eq!(
        rows(&found),
        [["KakuOS 5.2", "架空情報", "operating-system", "", ""]]
    );
    assert_eq!(
        notes(&found),
        [
            ("candidates", 1),
            ("libraries_left_out", 1),
            ("without_purl", 1)
        ]
    );
}

#[test]
fn what_is_no_bill_is_refused() {
    for text in [
        "",
        "{}",
        "[]",
        "{\"bomFormat\":\"Other\"}",
        "<html></html>",
        "<bom>",
        "hello",
        "\u{feff}",
    ] {
        assert!(read_bom(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(read_bom(&[0xff, 0xfe, 0]), Err(InventoryError::Unreadable));
}

/// Bills published by others, where they are at hand; the variable names their folder.
#[test]
fn published_bills_are_read_and_offer_few_rows() {
    let Some(folder) = std::env::var_os("NOROSHI_SBOM_SAMPLES") else {
        println!("NOROSHI_SBOM_SAMPLES is not set: published bills are not read");
        return;
    };
    let (mut read, mut refused) = (0, Vec::new());
    let mut open = vec![Path::new(&folder).to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        if format_of(&file) != FileFormat::Bom {
            continue;
        }
        match read_bom(&file) {
            Ok(found) => {
                read += 1;
                let candidates = found
                    .notes
                    .iter()
                    .find(|note| note.kind == NoteKind::Candidates)
                    .map_or(0, |note| note.count);
                assert_eq!(candidates, found.rows.len());
                assert!(found.rows.len() < 60, "{}", path.display());
            }
            Err(error) => refused.push((path, error)),
        }
    }
    assert!(refused.is_empty(), "{refused:?}");
    assert!(50 < read, "{read} bills");
}

proptest! {
    #[test]
    fn any_octets_have_an_answer(file in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = (format_of(&file), read_bom(&file));
    }

    #[test]
    fn a_damaged_bill_has_an_answer(place in 0_usize..1_000, octet in proptest::num::u8::ANY) {
        let mut file = APPLIANCE.as_bytes().to_vec();
        if let Some(there) = file.get_mut(place) {
            *there = octet;
        }
        if let Ok(found) = read_bom(&file) {
            prop_assert!(found.rows.len() <= 5);
        }
    }
}
