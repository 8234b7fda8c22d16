use axum::body::Body;
use http::{Request, StatusCode};
use ledger::{Algorithm, KeyName, SignedCheckpoint, SignerKey};

use crate::bench::Bench;

#[tokio::test]
async fn a_cosignature_of_an_unknown_witness_is_refused_and_not_kept() {
    let bench = Bench::new().await;
    bench.csirt().await;
    bench.app.integrate().await.unwrap();
    let nobody = bench.nobody();
    let served = nobody.get("/logs/instance/checkpoint").await;
    assert_eq!(served.status, StatusCode::OK);
    let mut signed = SignedCheckpoint::parse(&served.octets).unwrap();
    let name = KeyName::parse("stranger.example").unwrap();
    let stranger = SignerKey::from_seed(name, Algorithm::CosignatureV1, &[8; 32]).unwrap();
    signed.cosign(&stranger, 1_790_900_000).unwrap();
    let request = Request::post("/logs/instance/cosignature");
    let answer = nobody.send(request, Body::from(signed.to_string())).await;
    answer.refused(StatusCode::FORBIDDEN, "witness_unknown");
    let after = nobody.get("/logs/instance/checkpoint").await;
    assert_eq!(after.octets, served.octets);
}
