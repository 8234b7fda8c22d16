use std::fmt::Write;
use std::path::Path;

use ids::{
    Assurance, DirectiveDuty, DirectiveKind, FilingKind, OrganisationKind, Role, TokenScope,
};

use super::fixtures::{
    COLLEAGUE, Concern, OTHER, OWN, SELF, account, actor, approval, case, computer, delegation,
    deputy, directive, draft, filing, organisation, policy, register, rule_pack,
};
use crate::{Action, Denied, OrganisationFacts, Resource, ResourceKind, StepUp, roles_of};

const HEAD: &str = "\
Who may do what: role, action, resource. Written from the policies by a test of crates/policy;
to update it, run the tests of that crate with NOROSHI_UPDATE=1 and review the difference.

What is not listed is denied. `own` belongs to the person's organisation, `addressed` was addressed
or forwarded to it, `other` is neither. After the resource stands what the session must have:
a fresh second factor (step-up), or a token of the scope. No mark: a second factor, and no token.
A role in a kind of organisation that is not listed for it grants nothing.
";

/// How a resource lies to the person who asks.
const RELATIONS: [&str; 3] = ["own", "addressed", "other"];

/// One resource of a kind for each relation in which it can stand.
fn rows(kind: ResourceKind, of: OrganisationKind) -> Vec<(String, Resource)> {
    let [own, addressed, other] = RELATIONS;
    let sides = |make: &dyn Fn(u128) -> Resource| {
        vec![(own.to_owned(), make(OWN)), (other.to_owned(), make(OTHER))]
    };
    match kind {
        ResourceKind::Organisation => sides(&|id| {
            Resource::Organisation(OrganisationFacts {
                id: organisation(id),
                kind: of,
            })
        }),
        ResourceKind::Register => sides(&register),
        ResourceKind::Computer => sides(&computer),
        ResourceKind::Case => sides(&case),
        ResourceKind::Log => sides(&|id| Resource::Log {
            authority: organisation(id),
        }),
        ResourceKind::Queue => sides(&|id| Resource::Queue {
            desk: organisation(id),
        }),
        ResourceKind::Outbox => vec![("the instance's".to_owned(), Resource::Outbox)],
        ResourceKind::RuleBook => vec![("the instance's".to_owned(), Resource::RuleBook)],
        ResourceKind::RulePack => vec![
            ("one's own proposal".to_owned(), rule_pack(SELF)),
            ("a colleague's proposal".to_owned(), rule_pack(COLLEAGUE)),
        ],
        ResourceKind::Account => vec![
            ("one's own".to_owned(), account(SELF, OWN)),
            ("a colleague's".to_owned(), account(COLLEAGUE, OWN)),
            (other.to_owned(), account(COLLEAGUE, OTHER)),
        ],
        ResourceKind::Approval => approvals(),
        ResourceKind::Delegation => delegations(),
        ResourceKind::Deputy => vec![
            ("for oneself".to_owned(), deputy(SELF, COLLEAGUE, OWN)),
            ("by oneself".to_owned(), deputy(COLLEAGUE, SELF, OWN)),
            (
                "between colleagues".to_owned(),
                deputy(COLLEAGUE, COLLEAGUE, OWN),
            ),
            (other.to_owned(), deputy(COLLEAGUE, COLLEAGUE, OTHER)),
        ],
        ResourceKind::Draft => documents(&[(own, OWN), (other, OTHER)], &draft),
        ResourceKind::Directive => {
            let [third, fourth] = [OTHER + 1, OTHER + 2];
            let sides = [
                ("issued", OWN, third),
                ("received", third, OWN),
                (other, third, fourth),
            ];
            let mut all = Vec::new();
            for (side, issuer, addressee) in sides {
                for kind in DirectiveKind::ALL {
                    for duty in DirectiveDuty::ALL {
                        all.push((
                            format!("{side} {kind} {duty}"),
                            directive(issuer, addressee, *kind, *duty),
                        ));
                    }
                }
            }
            all
        }
        ResourceKind::Filing => {
            let mut all = documents(&[(own, OWN), (other, OTHER)], &|owner, kind| {
                filing(owner, kind, &[])
            });
            all.extend(documents(&[(addressed, OTHER)], &|owner, kind| {
                filing(owner, kind, &[OWN])
            }));
            all
        }
    }
}

/// Delegations of items 3 and 5, as they concern the person.
fn delegations() -> Vec<(String, Resource)> {
    use crate::{DelegatedExtent as Extent, DelegationStanding as Standing};
    let held = |section, extent, standing| delegation(SELF, OTHER, section, extent, standing);
    vec![
        (
            "one holds, an item of it".to_owned(),
            held(3, Extent::View, Standing::InForce),
        ),
        (
            "one holds to fill in, an item of it".to_owned(),
            held(3, Extent::Fill, Standing::InForce),
        ),
        (
            "one holds, another item".to_owned(),
            held(4, Extent::Fill, Standing::InForce),
        ),
        (
            "one held until it ended".to_owned(),
            held(3, Extent::Fill, Standing::Over),
        ),
        (
            "another person's".to_owned(),
            delegation(COLLEAGUE, OTHER, 3, Extent::Fill, Standing::InForce),
        ),
        (
            "the own operator's".to_owned(),
            delegation(COLLEAGUE, OWN, 3, Extent::Fill, Standing::Over),
        ),
    ]
}

/// Requests for approval: of a notification and of a report, as they concern the person.
fn approvals() -> Vec<(String, Resource)> {
    let kinds = [
        ("notification", FilingKind::AssetNotification),
        ("report", FilingKind::IncidentFull),
    ];
    let concerns = [
        ("colleagues'", Concern::None),
        ("one decides,", Concern::Holder),
        ("one decides and wrote,", Concern::HolderAndDrafter),
        ("one asked,", Concern::Requester),
    ];
    let mut all = Vec::new();
    for (name, kind) in kinds {
        for (relation, concern) in concerns {
            all.push((format!("{relation} {name}"), approval(OWN, kind, concern)));
        }
        all.push((
            format!("other operator's {name}"),
            approval(OTHER, kind, Concern::None),
        ));
    }
    all
}

fn documents(
    sides: &[(&str, u128)],
    make: &dyn Fn(u128, FilingKind) -> Resource,
) -> Vec<(String, Resource)> {
    sides
        .iter()
        .flat_map(|(side, owner)| {
            FilingKind::ALL
                .iter()
                .map(move |kind| (format!("{side} {kind}"), make(*owner, *kind)))
        })
        .collect()
}

/// What a session must have for the act; nothing when even the best session is refused.
fn needs(of: OrganisationKind, role: Role, action: Action, row: &Resource) -> Option<String> {
    let best = actor(of, &[role]);
    let mut stale = best.clone();
    stale.step_up = StepUp::Stale;
    let mut token = stale.clone();
    token.assurance = Assurance::Token;
    let mut half = stale.clone();
    half.assurance = Assurance::Password;

    let policy = policy();
    if !policy.may(&best, action, row) {
        return None;
    }
    let mut marks = Vec::new();
    match policy.check(&stale, action, row) {
        Ok(_) => {}
        Err(Denied::StepUpRequired) => marks.push("step-up".to_owned()),
        Err(denied) => panic!("{role} {action}: {denied}"),
    }
    if policy.may(&half, action, row) {
        marks.push("password".to_owned());
    }
    for scope in TokenScope::ALL {
        token.token_scopes = vec![*scope];
        if policy.may(&token, action, row) {
            marks.push(format!("token:{scope}"));
        }
    }
    Some(if marks.is_empty() {
        String::new()
    } else {
        format!(" [{}]", marks.join(", "))
    })
}

/// Puts `own asset_change`, `own asset_notification`, ... into one line when all kinds are there.
fn fold(mut cells: Vec<String>) -> Vec<String> {
    for side in RELATIONS {
        let prefix = format!("{side} ");
        let of_side: Vec<&String> = cells.iter().filter(|c| c.starts_with(&prefix)).collect();
        let groups: [(&str, Vec<FilingKind>); 3] = [
            ("of any kind", FilingKind::ALL.to_vec()),
            ("notifications", by_chapter(true)),
            ("reports", by_chapter(false)),
        ];
        let name_and_marks = of_side.first().and_then(|cell| {
            let marks = cell
                .split_once(" [")
                .map_or(String::new(), |(_, marks)| format!(" [{marks}"));
            groups.iter().find_map(|(name, kinds)| {
                let expected: Vec<String> =
                    kinds.iter().map(|k| format!("{side} {k}{marks}")).collect();
                let found: Vec<String> = of_side.iter().map(ToString::to_string).collect();
                (expected == found).then(|| format!("{side} {name}{marks}"))
            })
        });
        if let Some(folded) = name_and_marks {
            cells.retain(|cell| !cell.starts_with(&prefix));
            cells.push(folded);
        }
    }
    cells
}

/// The same for directives: all kinds about all duties, or one kind about all duties.
fn fold_directives(mut cells: Vec<String>) -> Vec<String> {
    for side in ["issued", "received"] {
        let Some(marks) = cells.iter().find_map(|cell| {
            cell.starts_with(side).then(|| {
                cell.split_once(" [")
                    .map_or("", |(_, marks)| marks)
                    .to_owned()
            })
        }) else {
            continue;
        };
        let marks = format!(" [{marks}");
        let mut whole = Vec::new();
        for kind in DirectiveKind::ALL {
            let all: Vec<String> = DirectiveDuty::ALL
                .iter()
                .map(|duty| format!("{side} {kind} {duty}{marks}"))
                .collect();
            if all.iter().all(|cell| cells.contains(cell)) {
                cells.retain(|cell| !all.contains(cell));
                whole.push(format!("{side} {kind}{marks}"));
            }
        }
        if whole.len() == DirectiveKind::ALL.len() {
            whole = vec![format!("{side} of any kind{marks}")];
        }
        cells.extend(whole);
    }
    cells
}

fn by_chapter(notifications: bool) -> Vec<FilingKind> {
    FilingKind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.is_notification() == notifications)
        .collect()
}

fn matrix() -> String {
    let mut text = HEAD.to_owned();
    for role in Role::ALL {
        for kind in OrganisationKind::ALL {
            if !roles_of(*kind).contains(role) {
                continue;
            }
            writeln!(text, "\n{role} of {kind}").unwrap();
            for action in Action::ALL {
                for resource in ResourceKind::ALL {
                    let cells = rows(*resource, *kind)
                        .into_iter()
                        .filter_map(|(name, row)| {
                            needs(*kind, *role, *action, &row).map(|marks| format!("{name}{marks}"))
                        })
                        .collect();
                    for cell in fold_directives(fold(cells)) {
                        let (action, resource) = (action.code(), resource.code());
                        writeln!(text, "  {action:<26} {resource:<12} {cell}").unwrap();
                    }
                }
            }
        }
    }
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "not a setting of the program: tells this test to write the file"
)]
fn the_access_matrix_is_the_reviewed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access-matrix.txt");
    let computed = matrix();
    if std::env::var("NOROSHI_UPDATE").is_ok() {
        std::fs::write(&path, &computed).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let first = computed
        .lines()
        .zip(reviewed.lines().chain(std::iter::repeat("")))
        .find(|(now, then)| now != then);
    assert!(
        computed == reviewed,
        "access changed, first at {first:?}; run with NOROSHI_UPDATE=1 and review the difference"
    );
}
