//! Cases of the sample operators, in every state: filed in time, late, withdrawn, under way, decided not to report.

use std::collections::BTreeMap;

use formats::answers::AnswerState;
use formats::forms::{IncidentForm, Required};
use ids::{CaseId, FilingId};
use jiff::civil::{Date, Time, date, time};
use model::filing::FormalResult;
use model::incidents::{AwarenessKind, Precision, WithdrawalReason};
use policy::Actor;
use statute::{Answers, EventCode, ReportGroup};

use super::Stage;
use crate::desks::{NewCheck, NewCorrectionRequest};
use crate::error::AppError;
use crate::incidents::{
    AwarenessInput, JudgementInput, NewCase, NewDecision, ReportKind, Seen, Typed, WithdrawalInput,
};
use crate::instance::App;

struct SampleCase {
    title: &'static str,
    kind: AwarenessKind,
    aware: (Date, Time),
    source: &'static str,
    form: IncidentForm,
    event: EventCode,
    summary: &'static str,
    services: &'static str,
}

/// Of the operator with everybody.
const JUMP_HOST: SampleCase = SampleCase {
    title: "踏み台サーバーでの不審なログイン試行の痕跡",
    kind: AwarenessKind::NearMiss,
    aware: (date(2026, 11, 18), time(8, 40, 0, 0)),
    source: "監視センターが認証ログの異常を検知し、CSIRTが痕跡を確認した。",
    form: IncidentForm::Other,
    event: EventCode::TraceHe,
    summary: "保守用の踏み台サーバーで、利用していない識別符号による認証の痕跡を確認した。設備への影響は確認されていない。",
    services: "電力の供給への影響はない。",
};

const RANSOM: SampleCase = SampleCase {
    title: "ファイル中継装置のランサムウェア感染",
    kind: AwarenessKind::Incident,
    aware: (date(2026, 10, 12), time(3, 17, 0, 0)),
    source: "運用当直が中継装置の停止と脅迫文の表示に気付いた。",
    form: IncidentForm::Ransomware,
    event: EventCode::Incident,
    summary: "ファイル中継装置の記憶領域が暗号化され、脅迫文が表示された。中継装置を切り離し、手作業による受渡しに切り替えた。",
    services: "帳票の受渡しが6時間遅れた。電力の供給への影響はない。",
};

const OPEN_TODAY: SampleCase = SampleCase {
    title: "構成管理台帳サーバーへの大量アクセス",
    kind: AwarenessKind::NearMiss,
    aware: (date(2026, 11, 19), time(23, 50, 0, 0)),
    source: "監視システムの警報により当直が気付いた。",
    form: IncidentForm::Ddos,
    event: EventCode::TraceB,
    summary: "",
    services: "",
};

/// Of another operator: the full report is overdue.
const OVERDUE: SampleCase = SampleCase {
    title: "遠隔監視端末のマルウェア検知",
    kind: AwarenessKind::Incident,
    aware: (date(2026, 10, 8), time(14, 5, 0, 0)),
    source: "委託先の保守会社から連絡を受けた。",
    form: IncidentForm::Other,
    event: EventCode::Incident,
    summary: "遠隔監視端末で不正なプログラムの実行を検知し、端末を隔離した。",
    services: "監視の一部を現地巡回に切り替えた。",
};

const DDOS: SampleCase = SampleCase {
    title: "加入者向け認証基盤へのDDoS攻撃",
    kind: AwarenessKind::Incident,
    aware: (date(2026, 11, 16), time(21, 30, 0, 0)),
    source: "監視センターが通信量の急増を検知した。",
    form: IncidentForm::Ddos,
    event: EventCode::Incident,
    summary: "加入者向け認証基盤に大量の通信が到達し、21時30分から22時10分まで接続しづらい状態となった。",
    services: "接続の遅延が40分続いた。",
};

const WITHDRAWN: SampleCase = SampleCase {
    title: "荷役管理システムの停止",
    kind: AwarenessKind::Incident,
    aware: (date(2026, 10, 26), time(5, 20, 0, 0)),
    source: "夜間の担当者が停止に気付いた。",
    form: IncidentForm::Other,
    event: EventCode::Incident,
    summary: "荷役管理システムが停止した。原因を調べている。",
    services: "荷役の開始が2時間遅れた。",
};

/// The cases of the operator with everybody, and what its desk did with them.
pub(super) async fn seed_large(
    app: &App,
    operator: &Actor,
    desk: &Actor,
    stage: &dyn Stage,
) -> Result<(), AppError> {
    let ransom = open(app, operator, &RANSOM, stage).await?;
    stage.go_to(date(2026, 10, 12), time(5, 2, 0, 0));
    let prompt = file(app, operator, ransom, &ReportKind::Prompt).await?;
    stage.go_to_day(date(2026, 10, 13));
    accept(app, desk, prompt).await?;
    stage.go_to_day(date(2026, 11, 6));
    complete(app, operator, ransom).await?;
    let full = file(app, operator, ransom, &ReportKind::Full).await?;
    stage.go_to_day(date(2026, 11, 9));
    let request = NewCorrectionRequest {
        field: "/answers/affected_services",
        text: "役務への影響について、遅れた帳票の種類を追記してください。",
        wanted_by: Some(date(2026, 12, 4)),
    };
    app.request_correction(desk, full, request, None).await?;
    let trace = open(app, operator, &JUMP_HOST, stage).await?;
    stage.go_to(date(2026, 11, 18), time(10, 15, 0, 0));
    file(app, operator, trace, &ReportKind::Prompt).await?;
    stage.go_to(date(2026, 11, 19), time(16, 30, 0, 0));
    let found = AwarenessInput {
        aware_at: instant(date(2026, 11, 19), time(15, 45, 0, 0))?,
        precision: Precision::Exact,
        source: "ログの解析により、設備に接続する端末への不正アクセスを確認した。".to_owned(),
    };
    app.add_awareness(operator, trace, AwarenessKind::Incident, &found, None)
        .await?;
    open(app, operator, &OPEN_TODAY, stage).await?;
    stage.go_to_day(date(2026, 11, 20));
    decide(app, operator).await
}

/// The case of one of the other operators, by its sector.
pub(super) async fn seed_small(
    app: &App,
    operator: &Actor,
    sector: &str,
    stage: &dyn Stage,
) -> Result<(), AppError> {
    match sector {
        "gas" => {
            let case = open(app, operator, &OVERDUE, stage).await?;
            file(app, operator, case, &ReportKind::Prompt).await?;
        }
        "telecom" => {
            let case = open(app, operator, &DDOS, stage).await?;
            file(app, operator, case, &ReportKind::Prompt).await?;
        }
        "finance" => {
            let case = open(app, operator, &RANSOM, stage).await?;
            file(app, operator, case, &ReportKind::Prompt).await?;
            stage.go_to_day(date(2026, 11, 10));
            complete(app, operator, case).await?;
            file(app, operator, case, &ReportKind::Full).await?;
        }
        "port_transport" => {
            let case = open(app, operator, &WITHDRAWN, stage).await?;
            file(app, operator, case, &ReportKind::Prompt).await?;
            stage.go_to_day(date(2026, 10, 28));
            let withdrawal = WithdrawalInput {
                reason: WithdrawalReason::NotReportable,
                explanation: "調べた結果、電源装置の故障によるものと分かったため。".to_owned(),
            };
            app.withdraw_report(operator, case, &withdrawal, None)
                .await?;
        }
        _ => {}
    }
    Ok(())
}

fn instant(day: Date, at: Time) -> Result<jiff::Timestamp, AppError> {
    statute::calendar::jst::OFFSET
        .to_timestamp(day.to_datetime(at))
        .map_err(|_| AppError::Bug("a sample day out of range"))
}

async fn open(
    app: &App,
    operator: &Actor,
    sample: &SampleCase,
    stage: &dyn Stage,
) -> Result<CaseId, AppError> {
    let (day, at) = sample.aware;
    let aware_at = instant(day, at)?;
    stage.go_to(day, at);
    let new = NewCase {
        title: sample.title.to_owned(),
        kind: sample.kind,
        awareness: AwarenessInput {
            aware_at,
            precision: Precision::Exact,
            source: sample.source.to_owned(),
        },
        form: Some(sample.form),
        judgement: Some(JudgementInput {
            group: ReportGroup::A,
            answers: Answers::new(),
            event: Some(sample.event),
        }),
    };
    let case = app.open_case(operator, &new, None).await?.case;
    let mut fields = BTreeMap::new();
    let texts = [
        ("awareness_circumstances", sample.source),
        ("address", "東京都千代田区（見本）"),
        ("contact_department", "情報システム部 CSIRT"),
        ("contact_name", "対応 次郎"),
        ("contact_phone", "03-0000-0000"),
        ("summary", sample.summary),
        ("affected_services", sample.services),
    ];
    for (key, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        fields.insert(key.to_owned(), Typed::text(text));
    }
    save(app, operator, case, &fields).await?;
    Ok(case)
}

async fn save(
    app: &App,
    operator: &Actor,
    case: CaseId,
    fields: &BTreeMap<String, Typed>,
) -> Result<(), AppError> {
    app.save_draft(operator, case, fields, &Seen::Version(i64::MAX))
        .await?;
    Ok(())
}

/// Answers everything that the full report still wants; what a sample cannot know is 不明 or 該当なし.
async fn complete(app: &App, operator: &Actor, case: CaseId) -> Result<(), AppError> {
    let draft = app.view_draft(operator, case).await?;
    let mut fields = BTreeMap::new();
    for field in draft.fields() {
        let typed = draft.typed(&field.key);
        if field.required == Required::Full && typed == Typed::default() {
            let state = match field.item {
                5 => AnswerState::Unknown,
                _ => AnswerState::NotApplicable,
            };
            fields.insert(field.key.clone(), Typed::state(state, ""));
        }
    }
    fields.insert(
        "initial_response".to_owned(),
        Typed::text("機器を切り離し、保全したうえで予備機に切り替えた。"),
    );
    save(app, operator, case, &fields).await
}

async fn file(
    app: &App,
    operator: &Actor,
    case: CaseId,
    kind: &ReportKind,
) -> Result<FilingId, AppError> {
    Ok(app
        .file_report(operator, case, kind, None, None)
        .await?
        .filing)
}

async fn accept(app: &App, desk: &Actor, filing: FilingId) -> Result<(), AppError> {
    let check = NewCheck {
        result: FormalResult::Meets,
        note: "",
    };
    app.check_form(desk, filing, check, None).await?;
    Ok(())
}

async fn decide(app: &App, operator: &Actor) -> Result<(), AppError> {
    let decision = NewDecision {
        case: None,
        summary: "広報用ウェブサイトへの探索的なアクセス".to_owned(),
        group: ReportGroup::B,
        answers: Answers::new().no(&["malware_ran", "intruded", "disrupted", "trace_of_incident"]),
        reason: "設備に接続しない機器であり、特定重要電子計算機に当たらないため。".to_owned(),
        recheck_on: date(2026, 12, 21),
    };
    app.decide_not_to_report(operator, &decision, None).await?;
    Ok(())
}
