//! The port to the government's own platform, against exchanges that were written down.
//!
//! The exchanges are made up, because the platform has no public description. Each says what the program asks, in order,
//! and what the other side answers; an adapter is right when it turns its own exchanges into these.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use app::submissions::{
    Acceptance, Attempt, Courier, CourierFailure, Parcel, Sign, hand_over_once,
};
use ids::Digest;
use jiff::Timestamp;
use model::submissions::{SubmissionEventKind, SubmissionStage};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::bench::instant;

macro_rules! exchange {
    ($name:literal) => {
        Recorded::new(include_str!(concat!("platform/", $name, ".json")))
    };
}

/// One question and its answer, as written down.
#[derive(Deserialize)]
struct Exchange {
    ask: Value,
    answer: Answer,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Answer {
    accepted: Option<Taken>,
    signs: Vec<Heard>,
    failed: Option<String>,
}

#[derive(Deserialize)]
struct Taken {
    number: String,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Heard {
    kind: String,
    at: Timestamp,
}

/// Answers what was written down, and takes nothing but what was written down.
struct Recorded(Mutex<VecDeque<Exchange>>);

impl Recorded {
    fn new(text: &str) -> Self {
        let exchanges: Vec<Exchange> = serde_json::from_str(text).unwrap();
        Self(Mutex::new(exchanges.into()))
    }

    fn answer(&self, asked: &Value) -> Result<Answer, CourierFailure> {
        let next = self.0.lock().unwrap().pop_front();
        let next = next.unwrap_or_else(|| panic!("{asked} is not in what was written down"));
        assert_eq!(&next.ask, asked);
        match next.answer.failed.as_deref() {
            None => Ok(next.answer),
            Some(code) => Err([
                CourierFailure::Unreachable,
                CourierFailure::Unsure,
                CourierFailure::Refused,
                CourierFailure::NotAllowed,
            ]
            .into_iter()
            .find(|failure| failure.code() == code)
            .unwrap()),
        }
    }

    #[track_caller]
    fn is_over(&self) {
        assert!(self.0.lock().unwrap().is_empty(), "not all was asked");
    }
}

fn accepted(answer: Answer) -> Option<Acceptance> {
    answer.accepted.map(|taken| Acceptance {
        number: taken.number,
        at: taken.at,
    })
}

impl Courier for Recorded {
    fn hand_over(&self, parcel: &Parcel) -> Result<Acceptance, CourierFailure> {
        let files: BTreeMap<&str, String> = parcel
            .files
            .iter()
            .map(|(name, content)| (name.as_str(), hex::encode(Sha256::digest(content))))
            .collect();
        let asked = json!({
            "call": "hand_over",
            "key": parcel.key,
            "body_sha256": hex::encode(Sha256::digest(&parcel.body)),
            "files": files,
        });
        self.answer(&asked).map(|answer| accepted(answer).unwrap())
    }

    fn look_up(&self, key: &str) -> Result<Option<Acceptance>, CourierFailure> {
        self.answer(&json!({ "call": "look_up", "key": key }))
            .map(accepted)
    }

    fn signs(&self, number: &str) -> Result<Vec<Sign>, CourierFailure> {
        let answer = self.answer(&json!({ "call": "signs", "number": number }))?;
        let signs = answer.signs.into_iter();
        Ok(signs
            .map(|sign| Sign {
                kind: sign.kind.parse().unwrap(),
                at: sign.at,
            })
            .collect())
    }
}

fn parcel() -> Parcel {
    let body = r#"{"format":"noroshi-submission/v1","items":[]}"#.to_owned();
    Parcel {
        key: "0199aa00-0000-7000-8000-000000000001".to_owned(),
        addressee: "police".to_owned(),
        stage: SubmissionStage::Prompt,
        body_digest: Digest::from_bytes(Sha256::digest(&body).into()),
        body,
        files: vec![("police-prompt.pdf".to_owned(), b"%PDF-1.7".to_vec())],
    }
}

fn number(taken: Result<Acceptance, CourierFailure>) -> String {
    taken.unwrap().number
}

#[test]
fn a_platform_takes_a_parcel_and_says_what_became_of_it() {
    let platform = exchange!("accepted");
    let taken = hand_over_once(&platform, &parcel(), Attempt::First).unwrap();
    assert_eq!(taken.at, instant("2026-11-22T03:41:07+09:00"));
    let signs = platform.signs(&taken.number).unwrap();
    let kinds: Vec<_> = signs.iter().map(|sign| sign.kind).collect();
    assert_eq!(
        kinds,
        [
            SubmissionEventKind::Delivered,
            SubmissionEventKind::Opened,
            SubmissionEventKind::Checked
        ]
    );
    platform.is_over();
    assert!(!format!("{:?}", parcel()).contains("noroshi-submission"));
}

#[test]
fn after_a_cut_line_a_parcel_is_looked_up_before_it_goes_out_again() {
    let platform = exchange!("cut_line_and_found");
    let taken = hand_over_once(&platform, &parcel(), Attempt::First);
    assert_eq!(number(taken), "PF-2026-000417");
    platform.is_over();

    let platform = exchange!("cut_line_and_handed_over_again");
    let first = hand_over_once(&platform, &parcel(), Attempt::First);
    assert_eq!(first, Err(CourierFailure::Unsure));
    // While it cannot be looked up nothing goes out.
    let second = hand_over_once(&platform, &parcel(), Attempt::Again);
    assert_eq!(second, Err(CourierFailure::Unreachable));
    let third = hand_over_once(&platform, &parcel(), Attempt::Again);
    assert_eq!(number(third), "PF-2026-000417");
    platform.is_over();

    let platform = exchange!("arrived_before_the_program_fell");
    let again = hand_over_once(&platform, &parcel(), Attempt::Again);
    assert_eq!(number(again), "PF-2026-000417");
    platform.is_over();
}

#[test]
fn what_a_person_must_mend_differs_from_what_passes() {
    for (platform, failure, passes) in [
        (exchange!("down"), CourierFailure::Unreachable, true),
        (exchange!("refused"), CourierFailure::Refused, false),
        (
            exchange!("certificate_expired"),
            CourierFailure::NotAllowed,
            false,
        ),
    ] {
        let done = hand_over_once(&platform, &parcel(), Attempt::First);
        assert_eq!(done, Err(failure));
        assert_eq!(failure.passes(), passes);
        platform.is_over();
    }
}
