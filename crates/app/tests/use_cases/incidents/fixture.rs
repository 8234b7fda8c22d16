use std::collections::BTreeMap;

use app::incidents::{
    AwarenessInput, JudgementInput, NewCase, ReportKind, SavedDraft, Seen, Typed, TypedComputer,
};
use formats::answers::AnswerState;
use formats::forms::IncidentForm;
use ids::CaseId;
use model::incidents::{AwarenessKind, Precision};
use statute::{Answers, ReportGroup};

use crate::bench::{Bench, instant};

/// 03:17 on a Sunday in Japan.
pub(crate) const T1: &str = "2026-11-22T03:17:00+09:00";

pub(crate) fn awareness(aware_at: &str) -> AwarenessInput {
    AwarenessInput {
        aware_at: instant(aware_at),
        precision: Precision::Exact,
        source: "監視の当直が警報を見た".to_owned(),
    }
}

/// Answers under which malware ran on a computer of group A.
pub(crate) fn malware() -> JudgementInput {
    JudgementInput {
        group: ReportGroup::A,
        answers: Answers::new().yes(&["malware_ran"]),
        event: None,
    }
}

pub(crate) fn new_case(kind: AwarenessKind, aware_at: &str) -> NewCase {
    NewCase {
        title: "監視端末の不審な通信".to_owned(),
        kind,
        awareness: awareness(aware_at),
        form: Some(IncidentForm::Other),
        judgement: Some(malware()),
    }
}

impl Bench {
    pub(crate) async fn open(&self, kind: AwarenessKind, aware_at: &str) -> CaseId {
        self.app
            .open_case(&self.csirt(), &new_case(kind, aware_at), None)
            .await
            .unwrap()
            .case
    }

    pub(crate) async fn type_in(&self, case: CaseId, fields: &[(&str, Typed)]) -> SavedDraft {
        let seen = Seen::Version(i64::MAX);
        self.app
            .save_draft(&self.csirt(), case, &typed(fields), &seen)
            .await
            .unwrap()
    }

    /// Items 1 and 2, which are complete at the prompt stage.
    pub(crate) async fn complete_prompt(&self, case: CaseId) {
        let fields = [
            (
                "corporate_number",
                Typed::text("７０１０００１００００１７"),
            ),
            ("address", Typed::text("東京都千代田区霞が関1-1")),
            ("contact_name", Typed::text("髙橋 𠮷江")),
            ("contact_phone", Typed::text("03-0000-0000")),
        ];
        self.type_in(case, &fields).await;
    }

    /// Every field that must be answered at the full stage, each with something.
    pub(crate) async fn complete_full(&self, case: CaseId) {
        self.complete_prompt(case).await;
        let view = self.app.view_draft(&self.csirt(), case).await.unwrap();
        let mut fields = BTreeMap::new();
        for field in view.fields().filter(|field| 2 < field.item) {
            if field.required != formats::forms::Required::Optional {
                let typed = Typed::state(AnswerState::Unknown, "");
                fields.insert(field.key.clone(), typed);
            }
        }
        fields.insert(
            "summary".to_owned(),
            Typed::text("監視端末が外部と通信した"),
        );
        let computer = TypedComputer {
            product: "監視サーバ".to_owned(),
            ..TypedComputer::default()
        };
        let computers = Typed {
            computers: vec![computer],
            ..Typed::default()
        };
        fields.insert("computers".to_owned(), computers);
        self.app
            .save_draft(&self.csirt(), case, &fields, &Seen::Version(i64::MAX))
            .await
            .unwrap();
    }

    pub(crate) async fn file(&self, case: CaseId, kind: ReportKind) -> app::incidents::Filing {
        self.app
            .file_report(&self.approver(), case, &kind, None, None)
            .await
            .unwrap()
    }
}

pub(crate) fn typed(fields: &[(&str, Typed)]) -> BTreeMap<String, Typed> {
    fields
        .iter()
        .map(|(key, typed)| ((*key).to_owned(), typed.clone()))
        .collect()
}
