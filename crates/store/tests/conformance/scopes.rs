//! What the store lists, counts, finds and queues is what the scope admits (DESIGN invariants 5 and 6).

use std::sync::LazyLock;

use ids::{FilingKind, OrganisationId, Role};
use model::filing::AddresseeRole;
use policy::{Action, Actor, FilingScope, PersonStatus, Policy};
use proptest::collection::{SizeRange, vec};
use proptest::prelude::{Strategy, any};
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use store::{QueueFilter, Tx};
use testkit::{FilingBuilder, NewFiling, TestDatabase, World, instant};

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::embedded().unwrap());

/// A filing as the strategy draws it: owner, kind, one bit for each authority, second of arrival, text.
type Drawn = (bool, FilingKind, u8, i64, &'static str);

#[test]
fn lists_and_counts_show_what_the_scope_admits_on_sqlite() {
    let runtime = runtime();
    let db = runtime.block_on(TestDatabase::sqlite());
    check(&runtime, &db);
}

#[test]
fn lists_and_counts_show_what_the_scope_admits_on_postgres() {
    let runtime = runtime();
    if let Some(db) = runtime.block_on(TestDatabase::postgres()) {
        check(&runtime, &db);
    }
}

fn check(runtime: &tokio::runtime::Runtime, db: &TestDatabase) {
    let world = runtime.block_on(World::saved(5, db.store()));
    let scopes = scopes(&world);
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&filings(0..14), |drawn| {
            runtime.block_on(compare(db, &world, &scopes, &drawn));
            Ok(())
        })
        .unwrap();
}

fn filings(size: impl Into<SizeRange>) -> impl Strategy<Value = Vec<Drawn>> {
    let one = (
        any::<bool>(),
        select(FilingKind::ALL),
        any::<u8>(),
        0_i64..4,
        select(&["ルーター", "サーバー", "a%b_c"][..]),
    );
    vec(one, size)
}

/// Every different scope that some person has for some action, and nobody's.
fn scopes(world: &World) -> Vec<FilingScope> {
    let mut scopes = vec![FilingScope::default()];
    for actor in actors(world) {
        for action in Action::ALL {
            let scope = POLICY.filing_scope(&actor, *action);
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    let shown = scopes.iter().filter(|scope| !scope.is_empty()).count();
    assert!(6 < shown, "operators and desks have scopes of their own");
    scopes
}

fn actors(world: &World) -> Vec<Actor> {
    let mut actors: Vec<Actor> = world
        .people()
        .iter()
        .map(|person| world.actor(person))
        .collect();
    let officer = world.actor(world.person(world.meti, Role::DeskOfficer));
    actors.push(Actor {
        status: PersonStatus::Disabled,
        ..officer.clone()
    });
    // A role that means nothing in this kind of organisation.
    actors.push(Actor {
        roles: vec![Role::Approver, Role::CabinetAnalyst],
        ..officer
    });
    actors
}

async fn compare(db: &TestDatabase, world: &World, scopes: &[FilingScope], drawn: &[Drawn]) {
    let mut tx = db.store().begin("scopes").await.unwrap();
    let mut saved = Vec::new();
    for one in drawn {
        let new = build(world, *one);
        new.save(&mut tx).await.unwrap();
        saved.push(new);
    }
    for scope in scopes {
        let admitted: Vec<&NewFiling> = saved
            .iter()
            .filter(|new| scope.admits(&new.facts()))
            .collect();
        compare_scope(&mut tx, scope, &admitted).await;
    }
    tx.rollback().await.unwrap();
}

async fn compare_scope(tx: &mut Tx, scope: &FilingScope, admitted: &[&NewFiling]) {
    let all = order(admitted.iter().copied());
    let listed = tx.filings(scope, None, None, 100).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), all);
    let queued = tx
        .queue(scope, &QueueFilter::default(), None, 100)
        .await
        .unwrap();
    assert_eq!(
        queued.iter().map(|one| one.head.id).collect::<Vec<_>>(),
        all
    );
    let count = tx.count_filings(scope, None).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), all.len());
    for kind in FilingKind::ALL {
        let expected = order(
            admitted
                .iter()
                .copied()
                .filter(|new| new.filing.kind == *kind),
        );
        let listed = tx.filings(scope, Some(*kind), None, 100).await.unwrap();
        assert_eq!(
            listed.iter().map(|one| one.id).collect::<Vec<_>>(),
            expected
        );
        let count = tx.count_filings(scope, Some(*kind)).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected.len());
    }
    for needle in ["ルーター", "%", "バ"] {
        let expected = order(
            admitted
                .iter()
                .copied()
                .filter(|new| new.search_text.contains(needle)),
        );
        let found = tx.search_filings(scope, needle, None, 100).await.unwrap();
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), expected);
    }
}

/// Ids, newest first.
fn order<'a>(filings: impl Iterator<Item = &'a NewFiling>) -> Vec<ids::FilingId> {
    let mut keys: Vec<_> = filings
        .map(|new| (new.filing.filed_at, new.filing.id))
        .collect();
    keys.sort();
    keys.into_iter().rev().map(|(_, id)| id).collect()
}

fn build(world: &World, (by_power, kind, bits, seconds, text): Drawn) -> NewFiling {
    let desks: [(OrganisationId, AddresseeRole); 6] = [
        (world.meti, AddresseeRole::Minister),
        (world.mlit, AddresseeRole::Minister),
        (world.mic, AddresseeRole::Minister),
        (world.fsa, AddresseeRole::Minister),
        (world.meti_kanto, AddresseeRole::RegionalHead),
        (world.cabinet_office, AddresseeRole::PrimeMinister),
    ];
    let owner = if by_power { world.power } else { world.railway };
    let mut filing = FilingBuilder::new(world)
        .owner(owner)
        .kind(kind)
        .search_text(text)
        .filed_at(instant(seconds));
    for (bit, (desk, role)) in desks.into_iter().enumerate() {
        if bits & (1 << bit) != 0 {
            filing = filing.to(desk, role);
        }
    }
    filing.build()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
