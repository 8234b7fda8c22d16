use http::StatusCode;
use ids::{Role, TokenScope};
use serde_json::{Value, json};

use crate::bench::{Bench, Client};

fn by_telephone(addressee: &str) -> Value {
    json!({
        "addressee": addressee,
        "stage": "prompt",
        "desk": "サイバー犯罪対策課 当直",
        "happened_at": "2026-11-22T03:55:00+09:00",
        "number": "相談-17",
        "note": "電話で伝えた",
    })
}

async fn addressee(client: &Client, case: &str, code: &str) -> Value {
    let path = format!("/api/v1/cases/{case}/submissions");
    let shown = client.get(&path).await.json(StatusCode::OK);
    let items = shown["items"].as_array().unwrap();
    items
        .iter()
        .find(|item| item["code"] == code)
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_program_sees_who_lacks_a_case_and_records_what_was_handed_over() {
    let bench = Bench::new().await;
    let (case, filing) = bench.file_prompt().await;
    let csirt = bench.csirt().await;
    let minister = addressee(&csirt, &case, "minister").await;
    assert_eq!(minister["how"], "report");
    assert_eq!(minister["report"]["filing"], filing.as_str());
    assert_eq!(minister["limits"][0]["kind"], "promptly");
    let police = addressee(&csirt, &case, "police").await;
    assert_eq!(
        (&police["needed"], &police["state"]),
        (&json!("unknown"), &json!("not_submitted"))
    );

    let path = format!("/api/v1/cases/{case}/submissions");
    let body = by_telephone("police");
    let recorded = csirt.post_once(&path, "police-1", &body).await;
    let id = recorded.text_of(StatusCode::CREATED, "submission");
    let place = format!("/api/v1/submissions/{id}");
    assert_eq!(recorded.headers["location"], place);
    let again = csirt.post_once(&path, "police-1", &body).await;
    assert_eq!(again.text_of(StatusCode::CREATED, "submission"), id);
    assert_eq!(bench.acts(&id, "submission.recorded").await, 1);

    let shown = csirt.get(&place).await.json(StatusCode::OK);
    assert_eq!(shown["channel"], "manual");
    assert_eq!(shown["state"], "sent");
    assert_eq!(shown["number"], "相談-17");
    assert_eq!(shown["events"][0]["by_program"], false);
    let listed = addressee(&csirt, &case, "police").await;
    assert_eq!(listed["submissions"], json!([shown]));

    let files = shown["files"].as_array().unwrap();
    let frozen = files
        .iter()
        .find(|file| file["media_type"] == "application/json")
        .unwrap();
    assert_eq!(frozen["sha256"], shown["body_sha256"]);
    let digest = frozen["sha256"].as_str().unwrap();
    let got = csirt.get(&format!("{place}/files/{digest}")).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&got.octets)),
        digest
    );
    let other = format!("{place}/files/{}", "0".repeat(64));
    csirt
        .get(&other)
        .await
        .refused(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn what_cannot_be_recorded_is_refused_by_field_and_strangers_learn_nothing() {
    let bench = Bench::new().await;
    let (case, _) = bench.file_prompt().await;
    let csirt = bench.csirt().await;
    let path = format!("/api/v1/cases/{case}/submissions");
    for (field, value, status) in [
        ("stage", "later", StatusCode::UNPROCESSABLE_ENTITY),
        ("desk", " ", StatusCode::UNPROCESSABLE_ENTITY),
        ("happened_at", "yesterday", StatusCode::UNPROCESSABLE_ENTITY),
        (
            "happened_at",
            "2026-11-22T05:00:00+09:00",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("addressee", "nobody", StatusCode::NOT_FOUND),
        ("addressee", "minister", StatusCode::CONFLICT),
    ] {
        let mut body = by_telephone("police");
        body[field] = json!(value);
        let answer = csirt.post(&path, &body).await;
        let problem = answer.json(status);
        if status == StatusCode::UNPROCESSABLE_ENTITY {
            assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"));
        }
    }
    let reader = bench
        .scoped(bench.world.power, Role::Csirt, &[TokenScope::Read])
        .await;
    let viewer = bench.client(bench.world.power, Role::Viewer).await;
    for client in [reader, viewer] {
        assert_eq!(client.get(&path).await.status, StatusCode::OK);
        let refused = client.post(&path, &by_telephone("police")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    for stranger in [bench.stranger(Role::Csirt).await, bench.officer().await] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        let refused = stranger.post(&path, &json!({ "odd": true })).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
}
