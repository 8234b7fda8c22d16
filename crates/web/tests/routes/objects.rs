//! The objects that stand in the paths: real ones of one operator, and ids of the same form that do not exist.

use std::sync::atomic::{AtomicBool, Ordering};

use app::approvals::{DeputyInput, RouteInput, StageInput};
use app::assets::ComputerFilter;
use app::assets::import::UploadedFile;
use app::delegations::DelegationInput;
use app::entries::EntryInput;
use app::filing::AttachmentUpload;
use app::identity::{EnrolmentInput, NewToken, SessionToken, demo_code};
use app::incidents::{CorrectionInput, ReportKind};
use app::orders::DirectiveInput;
use app::{App, DeliveryChannel, DeliveryFailure, OutboxList};
use ids::{
    Assurance, DeliveryId, Digest, DirectiveDuty, DirectiveId, DirectiveKind, OrganisationId,
    OrganisationKind, Role, TokenScope,
};
use policy::{Actor, StepUp};
use uuid::Uuid;

use crate::people;
use crate::stage::Still;

/// Ids of the sample, as they stand in paths.
pub(crate) struct Objects {
    case: String,
    open_case: String,
    awareness: String,
    in_draft: String,
    report: String,
    notification: String,
    in_report: String,
    computer: String,
    import: String,
    facility: String,
    correction: String,
    decision: String,
    person: String,
    token: String,
    delivery: String,
    directive: String,
    approval: String,
    deputy: String,
    delegation: String,
    submission: String,
    in_submission: String,
    /// The person of a contractor who holds the delegation.
    pub(crate) delegate: SessionToken,
    candidate: String,
    difference: String,
    name: String,
    filter: String,
    entry: String,
}

/// One way to fill the parameters of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    /// Which object, where there are several kinds; otherwise empty.
    pub(crate) what: &'static str,
    /// The path.
    pub(crate) path: String,
    /// The path with an id that does not exist, where the path names an object that is not everybody's.
    pub(crate) absent: Option<String>,
}

/// What stands for a parameter: the object or, second, one that does not exist.
struct Value(String, Option<String>);

impl Objects {
    /// Fills a path as it is routed, once for each kind of object.
    pub(crate) fn fill(&self, template: &str) -> Vec<Filled> {
        let kinds: &[&'static str] = if template.contains("/report/{") {
            &["prompt", "update"]
        } else if template.contains("/filings/{") && !template.contains("/attachments/{") {
            &["report", "notification"]
        } else {
            &[""]
        };
        kinds
            .iter()
            .map(|what| self.fill_for(template, what))
            .collect()
    }

    fn fill_for(&self, template: &str, what: &'static str) -> Filled {
        let (mut path, mut absent) = (String::new(), String::new());
        let mut known = true;
        let mut before = "";
        for part in template.split('/').skip(1) {
            let value = if part.starts_with('{') {
                self.value(template, before, part, what)
            } else {
                before = part;
                Value(part.to_owned(), None)
            };
            path.push('/');
            path.push_str(&value.0);
            absent.push('/');
            // Only the first object is exchanged: what hangs on it then does not exist either.
            match value.1.filter(|_| known) {
                Some(other) => {
                    absent.push_str(&other);
                    known = false;
                }
                None => absent.push_str(&value.0),
            }
        }
        Filled {
            what,
            path,
            absent: (!known).then_some(absent),
        }
    }

    fn value(&self, template: &str, before: &str, part: &str, what: &str) -> Value {
        let nobody = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001).to_string();
        let object = |id: &str| Value(id.to_owned(), Some(nobody.clone()));
        let plain = |text: &str| Value(text.to_owned(), None);
        match (before, part) {
            ("cases", "{id}") if what == "prompt" => object(&self.open_case),
            ("cases", "{id}") => object(&self.case),
            ("report", "{kind}") => plain(what),
            ("awareness", _) => plain(&self.awareness),
            ("files", _) if template.contains("/submissions/{id}") => plain(&self.in_submission),
            ("files", _) if template.starts_with("/desk/entries") => plain(&self.in_submission),
            ("files", _) => plain(&self.in_draft),
            ("items" | "sections", _) => plain("1"),
            ("filings", "{id}") => object(if what == "notification" {
                &self.notification
            } else {
                &self.report
            }),
            ("attachments", _) => plain(&self.in_report),
            ("receipt", _) => plain("meti.json"),
            ("computers", "{id}") => object(&self.computer),
            ("import", "{id}") => object(&self.import),
            ("reconciliation", "{id}") => object(&self.difference),
            ("facilities", "{id}") => object(&self.facility),
            ("corrections", "{id}") => object(&self.correction),
            ("directives", "{id}") => object(&self.directive),
            ("decisions", "{id}") => object(&self.decision),
            ("people", "{id}") => object(&self.person),
            ("tokens", "{id}") => object(&self.token),
            ("outbox" | "deliveries", "{id}") => object(&self.delivery),
            ("advisories", "{id}") => object(&self.candidate),
            ("desk-filters", "{id}") => object(&self.filter),
            ("entries", "{id}") => object(&self.entry),
            ("names", "{id}") => object(&self.name),
            ("notifications", "{duty}") => plain("new"),
            ("approvals", "{id}") => object(&self.approval),
            ("approval-routes", "{kind}") => plain("incident_correction"),
            ("deputies", "{id}") => object(&self.deputy),
            ("submissions", "{id}") => object(&self.submission),
            ("submissions", "{addressee}") => plain("police"),
            ("delegations" | "delegated", "{id}") => object(&self.delegation),
            ("receipts" | "passage", _) | ("audit" | "logs", "{log}") => plain("meti"),
            ("audit" | "entries", "{index}") | ("errors", "{sheet}") => plain("0"),
            ("logs", "{*path}") => plain("meti/checkpoint"),
            ("calendar", "{secret}") => plain(&"0".repeat(64)),
            ("assets", "{file}") => plain(
                web::assets::Asset::Style
                    .url()
                    .trim_start_matches("/assets/"),
            ),
            _ => {
                panic!("{template}: say in objects.rs which object of the sample stands for {part}")
            }
        }
    }
}

/// Looks up the objects of an operator of the sample.
pub(crate) async fn of(
    app: &App,
    clock: &Still,
    channel: &Channel,
    owner: OrganisationId,
) -> Objects {
    let session = people::sign_in(app, clock, owner, Role::Viewer, "walk.target").await;
    let target = app.resume_session(&session).await.unwrap().actor;
    let new = NewToken {
        label: "walk".to_owned(),
        scopes: vec![TokenScope::Read],
        days: 1,
    };
    let token = app.issue_token(&target, new).await.unwrap();
    let actor = Actor {
        roles: vec![Role::Compliance, Role::Csirt, Role::Approver, Role::Viewer],
        organisation_kind: OrganisationKind::Operator,
        assurance: Assurance::SecondFactor,
        step_up: StepUp::Fresh,
        ..target.clone()
    };
    let computers = app
        .computers(&actor, &ComputerFilter::default(), None, 10)
        .await
        .unwrap();
    let facilities = app.facilities(&actor, None, 10).await.unwrap();
    let decisions = app
        .list_decisions(&actor, None, 10)
        .await
        .unwrap()
        .decisions;
    let corrections = app.open_corrections(&actor, None, 10).await.unwrap().items;
    let cases = app.list_cases(&actor, None, 10).await.unwrap().cases;
    let reported = cases
        .iter()
        .find(|entry| entry.case.awareness().records().len() == 2)
        .expect("the sample has a near miss that became an incident");
    let case = reported.case.id();
    let open = cases
        .iter()
        .find(|entry| entry.case.phase().code() == "open")
        .expect("the sample has a case of which nothing was filed");
    let in_draft = attach(app, &actor, case, b"first").await;
    let filed = app
        .file_report(&actor, case, &ReportKind::Update, None, None)
        .await
        .unwrap();
    let (filings, _) = app.own_filings(&actor, None, None, 50).await.unwrap();
    let notification = filings
        .iter()
        .find(|item| item.head.kind == ids::FilingKind::AssetNotification)
        .expect("the sample has a notification");
    let import = app
        .upload_import(&actor, None, vec![table()])
        .await
        .unwrap();
    let delivery = give_up(app, channel).await;
    let approval = ask(app, &actor, case).await;
    let deputy = stand_in(app, &actor).await;
    let (delegation, delegate) = delegate(app, clock, &actor, open.case.id()).await;
    let (submission, in_submission) = submitted(app, &actor, case).await;
    app.integrate().await.unwrap();
    Objects {
        submission,
        in_submission,
        case: case.to_string(),
        open_case: open.case.id().to_string(),
        awareness: reported.case.awareness().records()[0].id.to_string(),
        in_draft: in_draft.to_string(),
        report: filed.filing.to_string(),
        notification: notification.head.id.to_string(),
        in_report: in_draft.to_string(),
        computer: computers.computers[0].id.to_string(),
        import: import.to_string(),
        facility: facilities[0].facility.id.to_string(),
        correction: corrections[0].request.id.to_string(),
        decision: decisions[0].id.to_string(),
        person: target.person.to_string(),
        token: token.id.to_string(),
        delivery: delivery.to_string(),
        directive: order(app, clock, &actor).await.to_string(),
        approval: approval.to_string(),
        deputy: deputy.to_string(),
        delegation: delegation.to_string(),
        delegate,
        difference: difference_of(app, &actor).await,
        candidate: candidate_of(app, &actor, &computers.computers[0]).await,
        name: learned(app, &actor).await,
        filter: kept_filter(app, clock).await,
        entry: taken_down(app, clock, owner).await,
    }
}

/// An order of the Minister to the operator.
async fn order(app: &App, clock: &Still, operator: &Actor) -> DirectiveId {
    let input = DirectiveInput {
        kind: DirectiveKind::Order,
        duty: DirectiveDuty::Report,
        operator: operator.organisation,
        filing: None,
        text: "報告をしてください。",
        grounds: "法第5条の報告がされていないため。",
        hearing: "弁明の機会を付与した。",
        due: app.today().tomorrow().ok(),
    };
    let desk = app.find_organisation("meti").await.unwrap().unwrap();
    let session = people::sign_in(app, clock, desk.id, Role::DeskOfficer, "walk.order").await;
    let officer = app.resume_session(&session).await.unwrap().actor;
    let officer = Actor {
        step_up: StepUp::Fresh,
        ..officer
    };
    let id = app.issue_directive(&officer, input, None).await.unwrap();
    // The first opening is an act of its own; the walk asks for the same page many times.
    app.view_directive(operator, id).await.unwrap();
    id
}

/// A filter that somebody at a desk keeps.
async fn kept_filter(app: &App, clock: &Still) -> String {
    let desk = app.find_organisation("meti").await.unwrap().unwrap();
    let session = people::sign_in(app, clock, desk.id, Role::DeskOfficer, "walk.filter").await;
    let officer = app.resume_session(&session).await.unwrap().actor;
    let filter = app::desks::DeskFilter::default();
    app.save_filter(&officer, "巡回", &filter).await.unwrap();
    app.saved_filters(&officer).await.unwrap()[0].id.to_string()
}

/// A report that the Minister's desk takes down.
async fn taken_down(app: &App, clock: &Still, operator: OrganisationId) -> String {
    let desk = app.find_organisation("meti").await.unwrap().unwrap();
    let session = people::sign_in(app, clock, desk.id, Role::DeskOfficer, "walk.entry").await;
    let officer = app.resume_session(&session).await.unwrap().actor;
    let input = EntryInput {
        operator: operator.to_string(),
        way: model::entries::EntryWay::Paper,
        received_at: app.now(),
        caller: model::entries::Caller {
            name: "架空 花子".to_owned(),
            department: String::new(),
            phone: String::new(),
        },
        identified: model::entries::CallerIdentified::Contact,
        code: String::new(),
        title: "書面の速報".to_owned(),
        kind: model::incidents::AwarenessKind::NearMiss,
        aware_at: app.now(),
        precision: model::incidents::Precision::Exact,
        source: "当直が気付いた".to_owned(),
        event: statute::EventCode::CauseI,
        sheet: formats::forms::IncidentForm::Other,
    };
    app.begin_entry(&officer, &input).await.unwrap().to_string()
}

/// A table with one computer.
fn table() -> UploadedFile {
    UploadedFile {
        name: "table.csv".to_owned(),
        content: "製品名,製造者名\nKG-60,架空電機\n".as_bytes().to_vec(),
    }
}

async fn attach(app: &App, actor: &Actor, case: ids::CaseId, content: &[u8]) -> Digest {
    let upload = AttachmentUpload {
        content: content.to_vec(),
        claimed_type: None,
    };
    app.attach_to_draft(actor, case, "log.txt", upload)
        .await
        .unwrap()
        .digest
}

/// Asks for approval of a correction, which a route of the operator wants.
async fn ask(app: &App, actor: &Actor, case: ids::CaseId) -> ids::ApprovalId {
    let route = RouteInput {
        stages: vec![StageInput {
            name: "承認".to_owned(),
            roles: vec![Role::Approver],
            people: Vec::new(),
        }],
        separation: model::approvals::Separation::Apart,
    };
    let kind = ids::FilingKind::IncidentCorrection;
    app.set_approval_route(&administers(actor), kind, &route, 0)
        .await
        .unwrap();
    let correction = ReportKind::Correction(CorrectionInput {
        explanation: "電話番号の誤り".to_owned(),
        request: None,
    });
    app.request_report_approval(actor, case, &correction, None, "", None)
        .await
        .unwrap()
        .approval
}

/// Lets one colleague stand in for another.
async fn stand_in(app: &App, actor: &Actor) -> ids::DeputyId {
    let (_, colleagues) = app.deputies(actor).await.unwrap();
    let viewers: Vec<_> = colleagues
        .iter()
        .filter(|one| one.roles == [Role::Viewer] && one.id != actor.person)
        .collect();
    let input = DeputyInput {
        person: Some(viewers[0].id),
        deputy: Some(viewers[1].id),
        from: Some(app.today()),
        until: Some(app.today()),
        reason: "休暇".to_owned(),
    };
    app.set_deputy(&administers(actor), &input).await.unwrap();
    app.deputies(actor).await.unwrap().0[0].record.id
}

/// Something that was handed to the police, and a file of it.
async fn submitted(app: &App, actor: &Actor, case: ids::CaseId) -> (String, String) {
    let input = app::submissions::SubmissionInput {
        addressee: "police".to_owned(),
        stage: model::submissions::SubmissionStage::Prompt,
        desk: "サイバー犯罪対策課".to_owned(),
        happened_at: Some(app.now()),
        number: String::new(),
        note: String::new(),
        copy: None,
    };
    let papers = app::submissions::Papers::default();
    let id = app
        .record_submission(actor, case, input, papers, None)
        .await
        .unwrap();
    let file = app.view_submission(actor, id).await.unwrap();
    (id.to_string(), file.files[0].digest.to_string())
}

/// Lets somebody of a contractor fill in two items of a case; the person signs in as invited people do.
async fn delegate(
    app: &App,
    clock: &Still,
    actor: &Actor,
    case: ids::CaseId,
) -> (ids::DelegationId, SessionToken) {
    let input = DelegationInput {
        company: "巡回委託先".to_owned(),
        name: "受託 一郎".to_owned(),
        login: "walk.delegate".to_owned(),
        case: Some(case),
        sections: vec![1, 3],
        extent: Some(model::delegations::Extent::Fill),
        until: app
            .now()
            .checked_add(jiff::SignedDuration::from_hours(48))
            .ok(),
        reason: "記入".to_owned(),
        person: None,
    };
    let given = app.delegate(&administers(actor), &input).await.unwrap();
    let link = given.link.unwrap().secret;
    let factor = app.view_enrolment(&link).await.unwrap().factor;
    let step = u64::try_from(app::Clock::now(clock).as_second()).unwrap() / 30;
    let enrolled = EnrolmentInput {
        password: people::PASSWORD.to_owned().into(),
        factor: factor.sealed,
        code: demo_code(&factor.secret, step).unwrap(),
    };
    app.enrol(&link, enrolled).await.unwrap();
    clock.stop_at(
        app.now()
            .checked_add(jiff::SignedDuration::from_mins(1))
            .unwrap(),
    );
    let session = people::log_in(
        app,
        clock,
        "walk.delegate",
        people::PASSWORD,
        &factor.secret,
    )
    .await;
    (given.delegation, session)
}

fn administers(actor: &Actor) -> Actor {
    Actor {
        roles: vec![Role::OrganisationAdmin],
        ..actor.clone()
    }
}

/// Lets the deliveries that wait be refused, and returns one of them.
async fn give_up(app: &App, channel: &Channel) -> DeliveryId {
    channel.refuses.store(true, Ordering::Relaxed);
    app.drain_jobs().await.unwrap();
    channel.refuses.store(false, Ordering::Relaxed);
    let runs = of_ministry(app, Role::InstanceOperator).await;
    let page = app
        .outbox(&runs, OutboxList::GivenUp, None, 10)
        .await
        .unwrap();
    page.entries[0].id
}

/// Somebody of the ministry with a fresh second factor.
async fn of_ministry(app: &App, role: Role) -> Actor {
    let office = app.find_organisation("meti").await.unwrap().unwrap();
    Actor {
        person: app.ids().next(),
        organisation: office.id,
        organisation_kind: office.kind,
        roles: vec![role],
        assurance: Assurance::SecondFactor,
        step_up: StepUp::Fresh,
        token_scopes: Vec::new(),
        status: policy::PersonStatus::Active,
    }
}

/// The usual way to the desks, which can refuse.
#[derive(Debug, Default)]
pub(crate) struct Channel {
    refuses: AtomicBool,
}

impl DeliveryChannel for Channel {
    fn deliver(&self, _: &model::filing::Delivery) -> Result<(), DeliveryFailure> {
        if self.refuses.load(Ordering::Relaxed) {
            Err(DeliveryFailure::Refused)
        } else {
            Ok(())
        }
    }
}

/// A difference of the register.
async fn difference_of(app: &App, actor: &Actor) -> String {
    let filter = app::assets::reconcile::TaskFilter {
        state: model::assets::TaskState::Open,
        kind: None,
    };
    let found = app.reconciliation_tasks(actor, filter, 0, 1).await.unwrap();
    found.tasks[0].id.to_string()
}

/// Drops a file that names a computer into the folder, and finds what comes of it.
async fn candidate_of(app: &App, actor: &Actor, computer: &app::assets::ComputerHead) -> String {
    let folder = app.config().advisories.folder.clone().unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    let items = &computer.items;
    let file = serde_json::json!({
        "document": { "title": "walk", "publisher": { "name": "walk" }, "tracking": { "id": "WALK-1" } },
        "product_tree": { "branches": [{ "category": "vendor", "name": items.maker.as_str(), "branches": [
            { "category": "product_name", "name": items.product.as_str(),
              "product": { "product_id": "W", "name": "walk" } }] }] },
    });
    std::fs::write(folder.join("walk.json"), file.to_string()).unwrap();
    app.take_in_advisories().await.unwrap();
    app.compare_registers().await.unwrap();
    let filter = app::advisories::CandidateFilter::default();
    let found = app.candidates(actor, filter, None, 10).await.unwrap();
    found.candidates[0].id.to_string()
}

/// A spelling that the operator confirmed.
async fn learned(app: &App, actor: &Actor) -> String {
    let name = app::names::LearnName {
        maker: "walk".to_owned(),
        product: "walk".to_owned(),
        maker_id: "fortinet".to_owned(),
        product_id: "fortinet.fortigate".to_owned(),
    };
    app.learn_name(actor, &name).await.unwrap().to_string()
}
